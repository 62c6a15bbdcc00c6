// Signed and enveloped messages: who can read and trust them, and what breaks that trust.
#include "models/content/smime.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "models/content/smime_random.h"
#include "tests/models/content/mime_samples.h"
#include "tests/support/command.h"

extern "C" int RAND_bytes(unsigned char* out, int size);  // OpenSSL's, of which tests see no more than this

namespace deadletter::content {
namespace {

using deadletter::testing::read_file;
using deadletter::testing::run_command;
using deadletter::testing::Said;
using deadletter::testing::TemporaryFolder;
using deadletter::testing::write_file;
using testing::leaf;
using testing::parent;
using testing::structure;

constexpr std::int64_t kMarch2006 = 1'141'200'000;
const std::string kAnn = "ann@contoso.com", kBob = "bob@fabrikam.com";
const std::string kOffer = "Content-Type: text/plain; charset=us-ascii\r\n\r\nFive each.\r\nUntil March.\r\n";
const std::string kHead = "From: ann@contoso.com\r\nTo: bob@fabrikam.com\r\nSubject: Offer\r\nMIME-Version: 1.0\r\n";

std::string shape(const std::string& octets) { return structure(read_mime(octets).value()); }

void expect_valid(const std::string& message, const std::string& signer, const std::string& content) {
  Verified verified = verify(message);
  EXPECT_TRUE(verified.valid) << verified.reason;
  EXPECT_EQ(verified.reason, "");
  EXPECT_EQ(verified.signer, signer);
  EXPECT_EQ(verified.content, content);
}

void expect_invalid(const std::string& message, const std::string& reason) {
  Verified verified = verify(message);
  EXPECT_FALSE(verified.valid);
  EXPECT_EQ(verified.reason, reason);
}

// One octet after the other is changed: the places of all that still verify.
std::set<std::size_t> changes_unnoticed(const std::string& message, std::size_t begin, std::size_t end) {
  std::set<std::size_t> unnoticed;
  for (std::size_t at = begin; at < end; ++at) {
    std::string changed = message;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    if (verify(changed).valid) unnoticed.insert(at);
  }
  return unnoticed;
}

TEST(Smime, AClearSignatureLeavesTheTextToBeRead) {
  std::string message = kHead + sign_clear(kOffer, kAnn, kMarch2006);
  EXPECT_EQ(shape(message), "multipart/signed(text/plain application/pkcs7-signature)");
  EXPECT_EQ(read_mime(message)->parts[0].content, "Five each.\r\nUntil March.\r\n");
  EXPECT_EQ(read_mime(message)->field("Subject"), "Offer");
  expect_valid(message, kAnn, kOffer);
}

TEST(Smime, AnOpaqueSignatureHoldsTheText) {
  std::string message = kHead + sign_opaque(kOffer, kAnn, kMarch2006);
  EXPECT_EQ(shape(message), "application/pkcs7-mime");
  EXPECT_EQ(message.find("Five each"), message.npos);
  expect_valid(message, kAnn, kOffer);
}

TEST(Smime, OnlyTheRecipientReadsAnEnvelope) {
  std::string message = kHead + encrypt(kOffer, kBob);
  EXPECT_EQ(shape(message), "application/pkcs7-mime");
  EXPECT_EQ(decrypt(message, kBob), kOffer);
  EXPECT_EQ(decrypt(message, kAnn), std::nullopt);
  EXPECT_EQ(decrypt(kHead + kOffer, kBob), std::nullopt);
  EXPECT_EQ(decrypt(kHead + sign_opaque(kOffer, kAnn, kMarch2006), kBob), std::nullopt);
}

TEST(Smime, SignaturesAndEnvelopesStandInEachOther) {
  std::string once = sign_clear(kOffer, kAnn, kMarch2006);
  std::string twice = kHead + sign_clear(once, kBob, kMarch2006 + 60);
  EXPECT_EQ(shape(twice),
            "multipart/signed(multipart/signed(text/plain application/pkcs7-signature) application/pkcs7-signature)");
  expect_valid(twice, kBob, once);
  expect_valid(verify(twice).content, kAnn, kOffer);

  std::string enveloped = encrypt(kOffer, kBob);
  std::string then_signed = kHead + sign_clear(enveloped, kAnn, kMarch2006);
  EXPECT_EQ(shape(then_signed), "multipart/signed(application/pkcs7-mime application/pkcs7-signature)");
  expect_valid(then_signed, kAnn, enveloped);
  EXPECT_EQ(decrypt(verify(then_signed).content, kBob), kOffer);

  std::string then_enveloped = kHead + encrypt(once, kBob);
  expect_valid(decrypt(then_enveloped, kBob).value(), kAnn, kOffer);
}

TEST(Smime, ASignatureIsAboutOctetsHoweverOddTheyAre) {
  for (std::string inner : {std::string{}, std::string{"X"}, std::string{"A: b\r\n\r\nno line end"},
                            std::string{"A: b\r\n\r\n \t \r\n\r\n\r\n"}, "A: b\r\n\r\n" + std::string(100'000, 'x'),
                            std::string{"A: b\r\n\r\n--\r\n--x--\r\n"}, std::string{"\r\n\xff\x80\r\n"}}) {
    expect_valid(sign_clear(inner, kAnn, kMarch2006), kAnn, inner);
    expect_valid(sign_opaque(inner, kAnn, kMarch2006), kAnn, inner);
    EXPECT_EQ(decrypt(encrypt(inner, kBob), kBob), inner);
  }
}

TEST(Smime, AChangedOctetOfTheContentDoesNotVerify) {
  std::string message = kHead + sign_clear(kOffer, kAnn, kMarch2006);
  std::size_t begin = message.find(kOffer);
  EXPECT_EQ(changes_unnoticed(message, begin, begin + kOffer.size()), std::set<std::size_t>{});
  std::string changed = message;
  changed.replace(changed.find("Five"), 4, "Four");
  expect_invalid(changed, "the signature does not fit the content");
  EXPECT_EQ(verify(changed).signer, kAnn);
  EXPECT_NE(verify(changed).content.find("Four each"), std::string::npos);
}

// A store that keeps LF, a gateway that takes blanks away, a relay that adds a line.
TEST(Smime, WhatGatewaysDoToTextBreaksASignature) {
  std::string message = kHead + sign_clear(kOffer, kAnn, kMarch2006);
  std::string lf = message, added = message;
  std::erase(lf, '\r');
  added.insert(added.find("Until"), "\r\n");
  expect_invalid(lf, "the signature does not fit the content");
  expect_invalid(added, "the signature does not fit the content");
  EXPECT_TRUE(verify("Received: from elsewhere\r\n" + message).valid);
}

TEST(Smime, ADamagedSignatureDoesNotVerify) {
  for (const std::string& message : {sign_clear(kOffer, kAnn, kMarch2006), sign_opaque(kOffer, kAnn, kMarch2006)}) {
    std::size_t begin = message.find("\r\n\r\nMII") + 4;
    std::size_t end = std::min(message.find("\r\n\r\n", begin), message.size() - 2);
    for (std::size_t size = begin; size + 4 < end; size += 97) {
      EXPECT_FALSE(verify(message.substr(0, size)).valid) << size;
    }
  }
  std::string clear = sign_clear(kOffer, kAnn, kMarch2006);
  std::string other = sign_clear(kOffer + "more", kAnn, kMarch2006);
  std::string swapped = clear.substr(0, clear.find("MII")) + other.substr(other.find("MII"));
  EXPECT_FALSE(verify(swapped).valid);
  clear.replace(clear.find("MII"), 3, "AAA");
  expect_invalid(clear, "the signature cannot be read");
}

TEST(Smime, WhatIsNotSignedSaysSo) {
  expect_invalid("", "it is not signed");
  expect_invalid(kHead + kOffer, "it is not signed");
  expect_invalid(kHead + encrypt(kOffer, kBob), "it is not signed");
  expect_invalid("Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n", "it is not signed");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "Content-Type: message/rfc822\r\n\r\n";
  expect_invalid(deep, "it nests too deeply");
}

TEST(Smime, EqualArgumentsGiveEqualOctets) {
  std::string first = sign_clear(kOffer, kAnn, kMarch2006), enveloped = encrypt(kOffer, kBob);
  sign_opaque(kOffer, "somebody.else@contoso.com", 0);
  decrypt(enveloped, kBob);
  EXPECT_EQ(sign_clear(kOffer, kAnn, kMarch2006), first);
  EXPECT_EQ(encrypt(kOffer, kBob), enveloped);
  EXPECT_NE(sign_clear(kOffer, kAnn, kMarch2006 + 1), first);
  EXPECT_NE(sign_clear(kOffer, kBob, kMarch2006), first);
  EXPECT_NE(encrypt(kOffer, kAnn), enveloped);
  EXPECT_NE(encrypt(kOffer + " ", kBob).substr(300, 100), enveloped.substr(300, 100));
}

// In another process and on another machine too: these are the octets of the day they were first made.
TEST(Smime, TheOctetsAreTheSameEverywhere) {
  auto digest = [](const std::string& octets) {
    std::string hex;
    for (char c : smime::sha256(octets).substr(0, 8)) {
      constexpr std::string_view kHex = "0123456789abcdef";
      hex += kHex[static_cast<unsigned char>(c) >> 4];
      hex += kHex[static_cast<unsigned char>(c) & 15];
    }
    return hex;
  };
  EXPECT_EQ(digest(authority_certificate()), "e4cb0fadbc9e6004");
  EXPECT_EQ(digest(sign_clear(kOffer, kAnn, kMarch2006)), "76e7ef979aaecd62");
  EXPECT_EQ(digest(sign_opaque(kOffer, kAnn, kMarch2006)), "cd2a8273f244ad18");
}

// A seeded generator that stayed in place would give the world outside the simulation chance that can be foretold.
TEST(Smime, OpenSslHasItsOwnChanceBackAfterwards) {
  std::set<std::array<unsigned char, 16>> drawn;
  for (int i = 0; i < 4; ++i) {
    sign_clear(kOffer, kAnn, kMarch2006);
    std::array<unsigned char, 16> octets{};
    EXPECT_EQ(RAND_bytes(octets.data(), 16), 1);
    drawn.insert(octets);
  }
  EXPECT_EQ(drawn.size(), 4U);
  smime::SeededRandom random("a seed");
  std::array<unsigned char, 16> octets{};
  EXPECT_EQ(RAND_bytes(octets.data(), 16), 1);
  EXPECT_EQ(std::string(octets.begin(), octets.end()), smime::SeededOctets("a seed").take(16));
}

TEST(Smime, DatesFromOneEndToTheOther) {
  for (std::int64_t unix_s :
       {std::int64_t{-631'152'000}, std::int64_t{0}, std::int64_t{2'600'000'000}, std::int64_t{253'402'300'799}}) {
    EXPECT_TRUE(verify(sign_clear(kOffer, kAnn, unix_s)).valid) << unix_s;
  }
}

TEST(Smime, AddressesOfAllPrintableAscii) {
  for (const std::string& address : {std::string{"a,email:eve@evil.example"}, std::string{"\"o'hara\\\"@contoso.com"},
                                     std::string(128, 'x'), std::string{"CN=x/O=y+z"}}) {
    expect_valid(sign_clear(kOffer, address, kMarch2006), address, kOffer);
    EXPECT_EQ(decrypt(encrypt(kOffer, address), address), kOffer);
  }
}

// Debian's openssl: both its programs for mail.
class SmimeElsewhere : public ::testing::Test {
 protected:
  SmimeElsewhere() {
    write_file(folder / "authority.pem", authority_certificate());
    write_file(folder / "offer.txt", kOffer);
  }

  Said openssl(std::vector<std::string> words) {
    words.insert(words.begin(), "openssl");
    return run_command(words, {.folder = folder.path()});
  }

  TemporaryFolder folder;
};

TEST_F(SmimeElsewhere, OpensslVerifiesWhatIsSigned) {
  write_file(folder / "clear.eml", kHead + sign_clear(kOffer, kAnn, kMarch2006));
  write_file(folder / "opaque.eml", kHead + sign_opaque(kOffer, kAnn, kMarch2006));
  for (const char* program : {"cms", "smime"}) {
    for (const char* message : {"clear.eml", "opaque.eml"}) {
      Said said = openssl({program, "-verify", "-in", message, "-CAfile", "authority.pem", "-out", "content"});
      EXPECT_EQ(said.status, 0) << program << " " << message << ": " << said.err;
      EXPECT_EQ(read_file(folder / "content"), kOffer);
    }
  }
  Said printed = openssl({"cms", "-cmsout", "-print", "-noout", "-in", "clear.eml"});
  EXPECT_NE(printed.out.find("UTCTIME:Mar  1 08:00:00 2006 GMT"), std::string::npos) << printed.out;
}

TEST_F(SmimeElsewhere, OpensslRefusesWhatWasChanged) {
  std::string message = kHead + sign_clear(kOffer, kAnn, kMarch2006);
  message.replace(message.find("Five"), 4, "Four");
  write_file(folder / "changed.eml", message);
  EXPECT_NE(openssl({"cms", "-verify", "-in", "changed.eml", "-CAfile", "authority.pem", "-out", "content"}).status, 0);
}

TEST_F(SmimeElsewhere, AnAuthorityOfTheSameNameIsNotTrusted) {
  const std::string subject = "/O=Deadletter/CN=Deadletter Test Authority";
  ASSERT_EQ(openssl({"req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", subject, "-days", "3650", "-keyout",
                     "ca.key", "-out", "ca.pem"})
                .status,
            0);
  ASSERT_EQ(openssl({"req", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=ann/emailAddress=" + kAnn, "-keyout",
                     "ann.key", "-out", "ann.csr"})
                .status,
            0);
  ASSERT_EQ(openssl({"x509", "-req", "-in", "ann.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "7", "-days",
                     "3650", "-out", "ann.pem"})
                .status,
            0);
  for (std::vector<std::string> form : {std::vector<std::string>{}, {"-nodetach"}}) {
    std::vector<std::string> words = {"cms",    "-sign",   "-in",      "offer.txt", "-binary", "-signer", "ann.pem",
                                      "-inkey", "ann.key", "-crlfeol", "-certfile", "ca.pem",  "-out",    "signed.eml"};
    words.insert(words.end(), form.begin(), form.end());
    ASSERT_EQ(openssl(words).status, 0);
    std::string message = read_file(folder / "signed.eml");
    expect_invalid(message, "the certificate is not the test authority's");
    EXPECT_EQ(verify(message).signer, kAnn);
    EXPECT_EQ(verify(message).content, kOffer);
  }
}

}  // namespace
}  // namespace deadletter::content
