// X.400 messages: envelope, content and addresses come back, OpenSSL's reader of ASN.1 finds them sound, and what is
// wrong is refused with its place.
#include "models/content/p22.h"

#include <gtest/gtest.h>

#include "models/content/ber.h"
#include "models/content/or_address.h"
#include "models/content/tnef.h"
#include "tests/models/content/made_up_message.h"
#include "tests/support/command.h"

namespace deadletter::content {
namespace {

using namespace std::string_literals;
using deadletter::testing::run_command;
using deadletter::testing::Said;
using deadletter::testing::TemporaryFolder;
using deadletter::testing::write_file;
using testing::MadeUpMessages;

const std::string kAnn = "c=us;a= ;p=contoso;o=hq;s=lee;g=ann";
const std::string kDomain = "c=us;a= ;p=contoso";
const std::string kNull("\x05\0", 2);

InterpersonalMessage memo() {
  return {"memo 1",
          kAnn,
          "Budget",
          {"dda:SMTP=bo(a)fabrikam.com"},
          {"c=de;a=dbp;p=nord"},
          2,
          {{BodyPart::Kind::ia5_text, "", "See the table.\r\n"}}};
}

X400Message message() {
  X400Message m;
  m.mts_id = kDomain + ";l=EX1-060301080000Z-1";
  m.originator = kAnn;
  m.recipients = {{"dda:SMTP=bo(a)fabrikam.com", true}, {"c=de;a=dbp;p=nord;o=amt;ou1=a;ou2=b;cn=Bö", false}};
  m.priority = X400Priority::urgent;
  m.extensions = {{20, "", true, kNull}, {0, "1.2.840.113556.3.10.9", false, ""}};
  m.trace = {{kDomain, "", 1'141'200'000, 0}, {kDomain, "EX1", 1'141'200'001, 0}, {kDomain, "EX2", 1'141'200'002, 1}};
  m.content = write_p22(memo());
  return m;
}

void expect_back(const X400Message& m) {
  ReadX400 read = read_x400(write_x400(m));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(*read.message, m);
}

void expect_back(const InterpersonalMessage& m) {
  ReadP22 read = read_p22(write_p22(m));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(*read.message, m);
}

std::string address_back(const std::string& address) {
  std::string octets = write_or_name(address);
  EXPECT_FALSE(ber::check_ber(octets, 64));
  return read_or_name(*ber::BerReader(octets).next());
}

TEST(X400, AMessageComesBackWithItsEnvelope) { expect_back(message()); }

TEST(X400, AMessageOfNothingComesBack) {
  expect_back(X400Message{});
  expect_back(InterpersonalMessage{});
}

TEST(X400, ADifferenceWouldBeSeen) {
  X400Message m = message();
  m.extensions[0].critical = false;
  EXPECT_NE(*read_x400(write_x400(m)).message, message());
}

TEST(X400, TheFirstStepIsWhenItWasSubmitted) {
  EXPECT_EQ(message().submitted_unix_s(), 1'141'200'000);
  EXPECT_EQ(X400Message{}.submitted_unix_s(), 0);
}

TEST(X400, AContentMayBeNamedByAnObjectIdentifier) {
  X400Message m = message();
  m.content_type = kContentExternal;
  m.content_oid = "1.2.840.113556.3.10.1";
  expect_back(m);
}

TEST(X400, AValueOfAnExtensionThatIsNoElementBecomesAString) {
  X400Message m = message();
  m.extensions[0].value = "xyz";
  EXPECT_EQ(read_x400(write_x400(m)).message->extensions[0].value, "\x04\x03xyz");
}

TEST(X400, WhateverAMessageHoldsComesBack) {
  MadeUpMessages made(411);
  auto address = [&] { return made.below(2) == 0 ? kAnn : "p=" + made.text() + ";o=" + made.octets(); };
  for (int i = 0; i < 1000; ++i) {
    SCOPED_TRACE(i);
    X400Message m;
    m.mts_id = made.below(2) == 0 ? made.text() : kDomain + ";l=" + made.text();
    m.originator = address_back(address());
    for (std::size_t n = made.below(4); n > 0; --n)
      m.recipients.push_back({address_back(address()), made.below(2) == 0});
    m.content_type = static_cast<std::int32_t>(made.below(0x80000000));
    m.priority = static_cast<X400Priority>(made.below(3));
    for (std::size_t n = made.below(3); n > 0; --n)
      m.extensions.push_back(
          {static_cast<std::int32_t>(made.below(37)), "", made.below(2) == 0, made.below(2) == 0 ? "" : kNull});
    for (std::size_t n = made.below(3); n > 0; --n)
      m.trace.push_back({made.text(), "", static_cast<std::int64_t>(made.below(0xffffffff)), 1});
    for (std::size_t n = made.below(3); n > 0; --n) m.trace.push_back({kDomain, "EX" + made.text(), 7, 0});
    m.content = made.octets();
    expect_back(m);
  }
}

TEST(P22, AMemoComesBack) { expect_back(memo()); }

TEST(P22, WhateverAMessageHoldsComesBack) {
  MadeUpMessages made(420);
  for (int i = 0; i < 1000; ++i) {
    SCOPED_TRACE(i);
    InterpersonalMessage m{
        made.text(), address_back(made.text()), made.text(), {}, {}, static_cast<std::int32_t>(made.below(3))};
    for (std::size_t n = made.below(3); n > 0; --n) m.to.push_back(address_back(made.text()));
    for (std::size_t n = made.below(3); n > 0; --n) m.cc.push_back(kAnn);
    for (std::size_t n = made.below(3); n > 0; --n)
      m.parts.push_back({BodyPart::Kind::external, "1.2.840.113556.3.10", made.octets()});
    for (std::size_t n = made.below(3); n > 0; --n)
      m.parts.push_back({BodyPart::Kind::bilaterally_defined, "", made.octets()});
    for (std::size_t n = made.below(3); n > 0; --n) m.parts.push_back({BodyPart::Kind::message, "", write_p22(memo())});
    m.parts.push_back({BodyPart::Kind::ia5_text, "", made.text()});
    expect_back(m);
  }
}

TEST(P22, ATnefStreamTravelsAsAPartOfItsOwnKind) {
  MadeUpMessages made(3);
  Message inside = made.next(3);
  InterpersonalMessage m = memo();
  m.parts.push_back({BodyPart::Kind::external, "1.2.840.113556.3.10", write_tnef(inside, 7)});
  X400Message transferred = message();
  transferred.content = write_p22(m);
  std::string arrived = read_x400(write_x400(transferred)).message->content;
  EXPECT_EQ(*read_tnef(read_p22(arrived).message->parts.back().octets).message, inside);
}

TEST(P22, AForwardedMessageIsReadByItself) {
  InterpersonalMessage m = memo();
  m.parts = {{BodyPart::Kind::message, "", write_p22(memo())}};
  EXPECT_EQ(*read_p22(read_p22(write_p22(m)).message->parts[0].octets).message, memo());
}

TEST(P22, AForwardedMessageThatIsNoneIsBilateral) {
  InterpersonalMessage m = memo();
  m.parts = {{BodyPart::Kind::message, "", "none"}};
  EXPECT_EQ(read_p22(write_p22(m)).message->parts[0].kind, BodyPart::Kind::bilaterally_defined);
}

TEST(P22, PartsOfOtherKindsArePassedOver) {
  std::string facsimile =
      ber::constructed(ber::context(3), ber::constructed(ber::kSet, "") + ber::constructed(ber::kSequence, ""));
  std::string heading = ber::constructed(ber::kSet, ber::constructed(ber::context(13), ber::integer(2)));
  ReadP22 read = read_p22(ber::constructed(ber::context(0), heading + ber::constructed(ber::kSequence, facsimile)));
  ASSERT_TRUE(read.message) << read.reason;
  EXPECT_EQ(*read.message, InterpersonalMessage{});
}

TEST(OrAddress, AttributesComeBackInTheirOrder) {
  EXPECT_EQ(address_back("g=ann;S=lee;c=us;a= "), "c=us;a= ;s=lee;g=ann");
  for (std::string address : {"",
                              "c=us;a= ;p=contoso;x=4930;t=tty;o=hq;n=7;s=lee;g=ann;i=al;q=jr;ou1=a;ou2=b;cn=Ann "
                              "Lee;dda:SMTP=ann(a)contoso.com;dda:FAX=1",
                              "o=Zürich;s=Müller", "c=840;a=1;p=2", "o=a\\;b\\\\c", "dda:t\\=x=v=w", "p=;o="})
    EXPECT_EQ(address_back(address), address);
}

TEST(OrAddress, ATextThatIsNoListComesBackAsItIs) {
  for (std::string text :
       {"ann@contoso.com", "c=us;c=de", "c=us;", ";", "=", "ou2=x", "dda:x-text=foo", "o=\\", "dda:x-text=", "foo=bar"})
    EXPECT_EQ(address_back(text), text);
}

TEST(OrAddress, DomainsComeBack) {
  for (std::string domain :
       {"", "c=us;a= ", "c=us;a= ;p=contoso", "c=;a=", "c=;a=;p=x", "contoso", "c=us;a= ;p=x;o=y", "a= ;c=us"}) {
    std::string octets = write_domain(domain);
    EXPECT_EQ(read_domain(*ber::BerReader(octets).next()), domain);
  }
}

// ---- another program

Said asn1parse(const std::string& octets) {
  TemporaryFolder folder;
  write_file(folder / "message", octets);
  return run_command({"openssl", "asn1parse", "-inform", "DER", "-in", folder / "message"});
}

TEST(X400, OpensslFindsEnvelopeAndContentSound) {
  for (const std::string& octets : {write_x400(message()), write_p22(memo())}) {
    Said said = asn1parse(octets);
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(said.out.find("Error"), std::string::npos) << said.out;
    EXPECT_EQ(said.out.find("BAD"), std::string::npos) << said.out;
  }
  EXPECT_NE(asn1parse(write_x400(message())).out.find("EX1-060301080000Z-1"), std::string::npos);
}

TEST(X400, OpensslWouldFindALengthThatIsWrong) {
  std::string octets = write_x400(message());
  octets.pop_back();
  EXPECT_NE(asn1parse(octets).status, 0);
}

// ---- hostile

TEST(X400Hostile, WhatIsNoMessageIsRefused) {
  EXPECT_EQ(read_x400("").reason, "an element is missing");
  EXPECT_EQ(read_x400(ber::constructed(ber::context(1), "")).reason, "a probe, a report or something else: no message");
  EXPECT_EQ(read_x400(ber::constructed(ber::context(0), "")).reason, "envelope or content is missing");
  std::string empty =
      ber::constructed(ber::context(0), ber::constructed(ber::kSet, "") + ber::primitive(ber::kOctetString, ""));
  EXPECT_EQ(read_x400(empty).reason, "a message identifier is missing");
  EXPECT_EQ(read_p22(ber::constructed(ber::context(1), "")).reason, "a notification or something else: no message");
  EXPECT_EQ(read_p22(ber::constructed(ber::context(0), "")).reason, "heading or body is missing");
}

TEST(X400Hostile, AMessageIsRefusedWhereverItIsCut) {
  const std::string octets = write_x400(message());
  for (std::size_t size = 0; size < octets.size(); ++size) EXPECT_FALSE(read_x400(octets.substr(0, size)).message);
}

TEST(X400Hostile, AnInnerLengthThatIsOneTooLargeHasItsPlace) {
  std::string octets = write_x400(message());
  std::size_t local = octets.find(
      "\x16\x13"
      "EX1-0603");
  octets[local + 1] = '\x7f';
  ReadX400 read = read_x400(octets);
  EXPECT_FALSE(read.message);
  EXPECT_EQ(read.offset, local);
}

// Found by fuzzing: what nobody has checked was read as if it had been.
TEST(X400Hostile, APrimitiveElementIsNoMessage) {
  std::string octets = write_x400(message());
  octets[0] = '\x80';
  EXPECT_EQ(read_x400(octets).reason, "envelope or content is missing");
}

TEST(X400Hostile, ATimeThatIsNoneIsRefused) {
  std::string octets = write_x400(message());
  octets[octets.find("060301080000Z", octets.find("060301080000Z") + 1) + 2] = '9';
  EXPECT_EQ(read_x400(octets).reason, "a time is none");
}

TEST(X400Hostile, SixtyFourLevelsAreReadAndOneMoreIsNot) {
  auto with = [](std::size_t levels) {
    std::string value;
    for (; levels > 0; --levels) value = ber::constructed(ber::kSequence, value);
    X400Message m = message();
    m.extensions = {{1, "", false, value}};
    return write_x400(m);
  };
  // Around the value: message, envelope, extensions, extension and its [2].
  EXPECT_TRUE(read_x400(with(59)).message);
  EXPECT_EQ(read_x400(with(60)).reason, "elements are nested too deep");
}

TEST(X400Hostile, AnyOctetChangedIsReadOrRefused) {
  MadeUpMessages made(1984);
  const std::string good = write_x400(message()), memo_octets = write_p22(memo());
  for (int round = 0; round < 1'500; ++round) {
    std::string octets = round % 2 == 0 ? good : memo_octets;
    octets[made.below(octets.size())] = static_cast<char>(made.below(256));
    if (auto read = read_x400(octets).message) expect_back(*read);
    if (auto read = read_p22(octets).message) expect_back(*read);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace deadletter::content
