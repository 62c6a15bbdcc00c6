// The test authority and its people: a key and a certificate for each name.
//
// They are made here from prime numbers that follow from the name, not by OpenSSL's own key generation, which may do
// otherwise in its next release: the same name has the same key with each.
#pragma once
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace deadletter::content::smime {

struct Free {
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(BN_CTX* p) const { BN_CTX_free(p); }
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(ASN1_TIME* p) const { ASN1_STRING_free(p); }
  void operator()(CMS_ContentInfo* p) const { CMS_ContentInfo_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

struct Person {
  Owned<EVP_PKEY> key;
  Owned<X509> certificate;
};

// Made once a process. Not to be called while a SeededRandom lives: it needs one itself.
const Person& person(const std::string& address);
const Person& authority();

// Of the certificate's owner; empty when it names none.
std::string address_in(X509* certificate);

}  // namespace deadletter::content::smime
