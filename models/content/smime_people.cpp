#include "models/content/smime_people.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <mutex>

#include "models/content/smime_random.h"

namespace deadletter::content::smime {
namespace {

struct Free {
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(BN_CTX* p) const { BN_CTX_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;
using Key = std::unique_ptr<EVP_PKEY, FreePerson>;
using Certificate = std::unique_ptr<X509, FreePerson>;

constexpr const char* kAuthority = "Deadletter Test Authority";
constexpr std::size_t kPrimeOctets = 64;  // two primes: 1024 bits
constexpr unsigned long kExponent = 65537;

const unsigned char* octets(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Owned<BIGNUM> number() { return Owned<BIGNUM>{BN_new()}; }

// The first prime from a place that follows from the seed on.
Owned<BIGNUM> prime(std::string_view seed, BN_CTX* context) {
  std::string start = SeededOctets(seed).take(kPrimeOctets);
  Owned<BIGNUM> prime{BN_bin2bn(octets(start), static_cast<int>(start.size()), nullptr)};
  int bits = static_cast<int>(kPrimeOctets) * 8;
  BN_set_bit(prime.get(), bits - 1);
  BN_set_bit(prime.get(), bits - 2);  // the product of two such has all its bits
  BN_set_bit(prime.get(), 0);
  while (BN_mod_word(prime.get(), kExponent) == 1 || BN_check_prime(prime.get(), context, nullptr) != 1) {
    BN_add_word(prime.get(), 2);
  }
  return prime;
}

// The key of the primes p and q (RFC 8017 3.2), p > q.
Key key_of(const BIGNUM* p, const BIGNUM* q, BN_CTX* context) {
  Owned<BIGNUM> n = number(), e = number(), d = number(), p1 = number(), q1 = number(), phi = number();
  Owned<BIGNUM> d_p = number(), d_q = number(), inverse = number();
  BN_set_word(e.get(), kExponent);
  BN_mul(n.get(), p, q, context);
  BN_sub(p1.get(), p, BN_value_one());
  BN_sub(q1.get(), q, BN_value_one());
  BN_mul(phi.get(), p1.get(), q1.get(), context);
  BN_mod_inverse(d.get(), e.get(), phi.get(), context);
  BN_mod(d_p.get(), d.get(), p1.get(), context);
  BN_mod(d_q.get(), d.get(), q1.get(), context);
  BN_mod_inverse(inverse.get(), q, p, context);

  std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> build{OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free};
  const std::pair<const char*, const BIGNUM*> numbers[] = {
      {OSSL_PKEY_PARAM_RSA_N, n.get()},           {OSSL_PKEY_PARAM_RSA_E, e.get()},
      {OSSL_PKEY_PARAM_RSA_D, d.get()},           {OSSL_PKEY_PARAM_RSA_FACTOR1, p},
      {OSSL_PKEY_PARAM_RSA_FACTOR2, q},           {OSSL_PKEY_PARAM_RSA_EXPONENT1, d_p.get()},
      {OSSL_PKEY_PARAM_RSA_EXPONENT2, d_q.get()}, {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, inverse.get()}};
  for (const auto& [name, value] : numbers) OSSL_PARAM_BLD_push_BN(build.get(), name, value);
  std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters{OSSL_PARAM_BLD_to_param(build.get()),
                                                                     &OSSL_PARAM_free};
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr),
                                                                    &EVP_PKEY_CTX_free};
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(maker.get());
  EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parameters.get());
  assert(key != nullptr);
  return Key{key};
}

Key key_named(const std::string& name) {
  Owned<BN_CTX> context{BN_CTX_new()};
  Owned<BIGNUM> p = prime("p of " + name, context.get()), q = prime("q of " + name, context.get());
  if (BN_cmp(p.get(), q.get()) < 0) std::swap(p, q);
  return key_of(p.get(), q.get(), context.get());
}

void add_entry(X509_NAME* name, int nid, const std::string& value) {
  X509_NAME_add_entry_by_NID(name, nid, MBSTRING_ASC, octets(value), static_cast<int>(value.size()), -1, 0);
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Not from text as the others: a comma in an address would begin another name there.
void add_address(X509* certificate, const std::string& address) {
  GENERAL_NAMES* names = GENERAL_NAMES_new();
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, address.data(), static_cast<int>(address.size()));
  GENERAL_NAME_set0_value(name, GEN_EMAIL, text);
  sk_GENERAL_NAME_push(names, name);
  X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
  GENERAL_NAMES_free(names);
}

// What the certificates of all have in common.
Certificate certificate_for(const std::string& name, EVP_PKEY* key) {
  Certificate certificate{X509_new()};
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::string serial = sha256("serial of " + name).substr(0, 8);
  serial[0] = static_cast<char>((serial[0] & 0x3f) | 0x40);  // positive, always of eight octets
  Owned<BIGNUM> serial_number{BN_bin2bn(octets(serial), static_cast<int>(serial.size()), nullptr)};
  BN_to_ASN1_INTEGER(serial_number.get(), X509_get_serialNumber(certificate.get()));
  ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), "20000101000000Z");
  ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), "20491231235959Z");
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

Person make_authority() {
  SeededRandom random(kAuthority);
  Key key = key_named(kAuthority);
  Certificate certificate = certificate_for(kAuthority, key.get());
  X509* x = certificate.get();
  add_entry(X509_get_subject_name(x), NID_organizationName, "Deadletter");
  add_entry(X509_get_subject_name(x), NID_commonName, kAuthority);
  X509_set_issuer_name(x, X509_get_subject_name(x));
  add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(x, x, NID_subject_key_identifier, "hash");
  X509_sign(x, key.get(), EVP_sha256());
  return {std::move(key), std::move(certificate)};
}

Person make_person(const std::string& address, const Person& issuer) {
  SeededRandom random(address);
  Key key = key_named("<" + address + ">");  // no address is the authority's name
  Certificate certificate = certificate_for("<" + address + ">", key.get());
  X509* x = certificate.get();
  add_entry(X509_get_subject_name(x), NID_commonName, address.substr(0, 64));
  add_entry(X509_get_subject_name(x), NID_pkcs9_emailAddress, address);
  X509_set_issuer_name(x, X509_get_subject_name(issuer.certificate.get()));
  add_extension(x, issuer.certificate.get(), NID_basic_constraints, "CA:FALSE");
  add_extension(x, issuer.certificate.get(), NID_key_usage, "digitalSignature,keyEncipherment");
  add_extension(x, issuer.certificate.get(), NID_ext_key_usage, "emailProtection");
  add_extension(x, issuer.certificate.get(), NID_subject_key_identifier, "hash");
  add_extension(x, issuer.certificate.get(), NID_authority_key_identifier, "keyid");
  add_address(x, address);
  X509_sign(x, issuer.key.get(), EVP_sha256());
  return {std::move(key), std::move(certificate)};
}

struct Everybody {
  // Before anything of OpenSSL's is kept, so that it is still there when this goes. A machine's configuration is not
  // asked: it could change what is made.
  Everybody() { OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr); }
  std::mutex mutex;
  std::map<std::string, Person> people;  // the authority's name is empty
};

const Person& known(const std::string& name) {
  static Everybody everybody;
  std::lock_guard lock(everybody.mutex);
  auto known = [&](const std::string& who, auto make) -> const Person& {
    auto found = everybody.people.find(who);
    return found != everybody.people.end() ? found->second : everybody.people.emplace(who, make()).first->second;
  };
  const Person& issuer = known("", make_authority);
  return known(name, [&] { return make_person(name, issuer); });
}

}  // namespace

void FreePerson::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }
void FreePerson::operator()(x509_st* certificate) const { X509_free(certificate); }

const Person& authority() { return known(""); }

const Person& person(const std::string& address) {
  assert(!address.empty() && address.size() <= 128);
  assert(std::ranges::all_of(address, [](char c) { return c >= ' ' && c <= '~'; }));
  return known(address);
}

std::string address_in(x509_st* certificate) {
  STACK_OF(OPENSSL_STRING)* addresses = X509_get1_email(certificate);
  std::string address = sk_OPENSSL_STRING_num(addresses) > 0 ? sk_OPENSSL_STRING_value(addresses, 0) : "";
  X509_email_free(addresses);
  return address;
}

}  // namespace deadletter::content::smime
