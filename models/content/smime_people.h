// The test authority and its people: a key and a certificate for each name.
//
// They are made here from prime numbers that follow from the name, not by OpenSSL's own key generation, which may do
// otherwise in its next release: the same name has the same key with each.
#pragma once
#include <memory>
#include <string>

struct evp_pkey_st;  // EVP_PKEY and X509: who includes this need not see OpenSSL
struct x509_st;

namespace deadletter::content::smime {

struct FreePerson {
  void operator()(evp_pkey_st* key) const;
  void operator()(x509_st* certificate) const;
};

struct Person {
  std::unique_ptr<evp_pkey_st, FreePerson> key;
  std::unique_ptr<x509_st, FreePerson> certificate;
};

// Made once a process. Not to be called while a SeededRandom lives: it needs one itself.
const Person& person(const std::string& address);
const Person& authority();

// Of the certificate's owner; empty when it names none.
std::string address_in(x509_st* certificate);

}  // namespace deadletter::content::smime
