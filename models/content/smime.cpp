#include "models/content/smime.h"

#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cassert>
#include <memory>

#include "models/content/mime.h"
#include "models/content/mime_pieces.h"
#include "models/content/smime_people.h"
#include "models/content/smime_random.h"

namespace deadletter::content {
namespace {

using smime::Person;
using smime::SeededRandom;

struct Free {
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(ASN1_TIME* p) const { ASN1_STRING_free(p); }
  void operator()(CMS_ContentInfo* p) const { CMS_ContentInfo_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> source(std::string_view octets) {
  return Owned<BIO>{BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size()))};
}

Owned<BIO> sink() { return Owned<BIO>{BIO_new(BIO_s_mem())}; }

std::string taken(BIO* sink) {
  char* data = nullptr;
  long size = BIO_get_mem_data(sink, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : "";
}

std::string der(CMS_ContentInfo* cms) {
  Owned<BIO> out = sink();
  i2d_CMS_bio(out.get(), cms);
  return taken(out.get());
}

Owned<CMS_ContentInfo> read_cms(std::string_view octets) {
  const auto* at = reinterpret_cast<const unsigned char*>(octets.data());
  return Owned<CMS_ContentInfo>{d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(octets.size()))};
}

std::string seed(std::string_view purpose, std::string_view inner, const std::string& name, std::int64_t unix_s) {
  return fmt::format("{} {} {}\n{}", purpose, unix_s, name, inner);
}

// `form`: CMS_DETACHED, or 0 for a signature that holds what it signs.
std::string signature(std::string_view inner, const std::string& signer, std::int64_t unix_s, unsigned form) {
  const Person& person = smime::person(signer);
  SeededRandom random(seed("sign", inner, signer, unix_s));
  unsigned flags = CMS_BINARY | form;
  Owned<CMS_ContentInfo> cms{CMS_sign(nullptr, nullptr, nullptr, nullptr, flags | CMS_PARTIAL)};
  // Without the list of what OpenSSL can do, which is not the same in all its releases.
  CMS_SignerInfo* info = CMS_add1_signer(cms.get(), person.certificate.get(), person.key.get(), EVP_sha256(),
                                         flags | CMS_PARTIAL | CMS_NOSMIMECAP);
  Owned<ASN1_TIME> time{ASN1_TIME_set(nullptr, unix_s)};
  assert(info != nullptr && time != nullptr);
  CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, ASN1_STRING_type(time.get()), time.get(), -1);
  [[maybe_unused]] int made = CMS_final(cms.get(), source(inner).get(), nullptr, flags);
  assert(made == 1);
  return der(cms.get());
}

std::string attachment(const mime::Type& type, std::string_view file, std::string_view octets) {
  return fmt::format(
      "{}Content-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename={}\r\n\r\n{}",
      mime::type_field(type), file, mime::base64(octets));
}

std::string boundary_for(std::string_view inner, const std::string& purpose) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (int attempt = 0;; ++attempt) {
    std::string boundary = "----=_Signed_";
    for (char c : smime::sha256(fmt::format("{} {}", attempt, purpose)).substr(0, 12)) {
      boundary += kHex[static_cast<unsigned char>(c) >> 4];
      boundary += kHex[static_cast<unsigned char>(c) & 15];
    }
    if (inner.find(boundary) == std::string_view::npos) return boundary;
  }
}

bool signature_type(const std::string& type) {
  return type == "application/pkcs7-signature" || type == "application/x-pkcs7-signature";
}

bool cms_type(const std::string& type) {
  return type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime";
}

Owned<X509_STORE> trusted() {
  Owned<X509_STORE> store{X509_STORE_new()};
  X509_STORE_add_cert(store.get(), smime::authority().certificate.get());
  X509_STORE_set_flags(store.get(), X509_V_FLAG_NO_CHECK_TIME);
  return store;
}

std::string signer_of(CMS_ContentInfo* cms) {
  CMS_set1_signers_certs(cms, nullptr, 0);
  STACK_OF(X509)* signers = CMS_get0_signers(cms);
  std::string address = sk_X509_num(signers) > 0 ? smime::address_in(sk_X509_value(signers, 0)) : "";
  sk_X509_free(signers);
  return address;
}

// Fills `verified`, whose content is known already when the signature stands apart from it.
void verify_cms(CMS_ContentInfo* cms, BIO* detached, Verified& verified) {
  if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed) {
    verified.reason = "it is not signed";
    return;
  }
  if (detached == nullptr) {
    ASN1_OCTET_STRING** held = CMS_get0_content(cms);
    if (held == nullptr || *held == nullptr) {
      verified.reason = "the signed content is missing";
      return;
    }
    verified.content.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*held)),
                            static_cast<std::size_t>(ASN1_STRING_length(*held)));
  }
  verified.signer = signer_of(cms);
  ERR_clear_error();
  verified.valid = CMS_verify(cms, nullptr, trusted().get(), detached, nullptr, CMS_BINARY) == 1;
  if (verified.valid) return;
  bool stranger = false;
  while (unsigned long error = ERR_get_error()) {
    stranger |= ERR_GET_LIB(error) == ERR_LIB_CMS && ERR_GET_REASON(error) == CMS_R_CERTIFICATE_VERIFY_ERROR;
  }
  verified.reason = stranger ? "the certificate is not the test authority's" : "the signature does not fit the content";
}

}  // namespace

std::string sign_clear(std::string_view inner, const std::string& signer, std::int64_t unix_s) {
  std::string octets = signature(inner, signer, unix_s, CMS_DETACHED);
  std::string boundary = boundary_for(inner, seed("boundary", inner, signer, unix_s));
  mime::Type type{"multipart/signed",
                  {{"protocol", "application/pkcs7-signature"}, {"micalg", "sha-256"}, {"boundary", boundary}}};
  return fmt::format(
      "{0}\r\nThis is a signed message in MIME format (S/MIME).\r\n\r\n--{1}\r\n{2}\r\n--{1}\r\n{3}\r\n--{1}--\r\n",
      mime::type_field(type), boundary, inner,
      attachment({"application/pkcs7-signature", {{"name", "smime.p7s"}}}, "smime.p7s", octets));
}

std::string sign_opaque(std::string_view inner, const std::string& signer, std::int64_t unix_s) {
  return attachment({"application/pkcs7-mime", {{"smime-type", "signed-data"}, {"name", "smime.p7m"}}}, "smime.p7m",
                    signature(inner, signer, unix_s, 0));
}

std::string encrypt(std::string_view inner, const std::string& recipient) {
  const Person& person = smime::person(recipient);
  SeededRandom random(seed("encrypt", inner, recipient, 0));
  STACK_OF(X509)* recipients = sk_X509_new_null();
  sk_X509_push(recipients, person.certificate.get());
  Owned<CMS_ContentInfo> cms{CMS_encrypt(recipients, source(inner).get(), EVP_des_ede3_cbc(), CMS_BINARY)};
  sk_X509_free(recipients);
  assert(cms != nullptr);
  return attachment({"application/pkcs7-mime", {{"smime-type", "enveloped-data"}, {"name", "smime.p7m"}}}, "smime.p7m",
                    der(cms.get()));
}

Verified verify(std::string_view message) {
  Verified verified;
  std::optional<Entity> entity = read_mime(message);
  if (!entity) {
    verified.reason = "it nests too deeply";
    return verified;
  }
  bool clear = entity->type == "multipart/signed" && entity->parts.size() == 2 && signature_type(entity->parts[1].type);
  if (!clear && !cms_type(entity->type)) {
    verified.reason = "it is not signed";
    return verified;
  }
  smime::authority();
  SeededRandom random("verify");
  Owned<BIO> detached;
  if (clear) {
    const Entity& part = entity->parts[0];
    verified.content = message.substr(part.begin, part.end - part.begin);
    detached = source(verified.content);
  }
  Owned<CMS_ContentInfo> cms = read_cms(clear ? entity->parts[1].content : entity->content);
  if (cms != nullptr) {
    verify_cms(cms.get(), detached.get(), verified);
  } else {
    verified.reason = "the signature cannot be read";
  }
  ERR_clear_error();
  return verified;
}

std::optional<std::string> decrypt(std::string_view message, const std::string& recipient) {
  std::optional<Entity> entity = read_mime(message);
  if (!entity || !cms_type(entity->type)) return std::nullopt;
  const Person& person = smime::person(recipient);
  SeededRandom random("decrypt");
  Owned<CMS_ContentInfo> cms = read_cms(entity->content);
  std::optional<std::string> content;
  if (cms != nullptr && OBJ_obj2nid(CMS_get0_type(cms.get())) == NID_pkcs7_enveloped) {
    // Without the flag OpenSSL decrypts with a key of chance when the right one is damaged, so that nobody can learn
    // from its answers; here there is nothing to learn.
    Owned<BIO> out = sink();
    constexpr unsigned kFlags = CMS_BINARY | CMS_DEBUG_DECRYPT;
    int done = CMS_decrypt(cms.get(), person.key.get(), person.certificate.get(), nullptr, out.get(), kFlags);
    if (done == 1) content = taken(out.get());
  }
  ERR_clear_error();
  return content;
}

std::string authority_certificate() {
  Owned<BIO> out = sink();
  PEM_write_bio_X509(out.get(), smime::authority().certificate.get());
  return taken(out.get());
}

}  // namespace deadletter::content
