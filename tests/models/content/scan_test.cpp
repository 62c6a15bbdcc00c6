// Opening a message for a virus scan: what its class promises, and whether that is there.
//
// Both decisions are tables, tested over all that they may be asked. Each content of the stories has been made by the
// functions that make it in a run.
#include <gtest/gtest.h>

#include "models/content/content.h"
#include "models/content/smime.h"
#include "models/quirks/quirk.h"
#include "tests/models/content/tnef_testing.h"

namespace deadletter::content {
namespace {

using testing::note;

constexpr Layout kLayouts[] = {Layout::none, Layout::clear_signed, Layout::opaque, Layout::encrypted, Layout::wrapped};
constexpr Structure kStructures[] = {Structure::plain, Structure::multipart_signed, Structure::pkcs7_mime,
                                     Structure::embedded_message};

struct LayoutRow {
  const char* message_class;
  Layout signed_data, enveloped_data;  // by what the top level says it is
};
constexpr LayoutRow kByClass[] = {
    // class                                            signed-data           enveloped-data
    {"", Layout::none, Layout::none},
    {"IPM.Note", Layout::none, Layout::none},
    {"IPM.Note.Custom", Layout::none, Layout::none},
    {"IPM.Schedule.Meeting.Request", Layout::none, Layout::none},
    {"REPORT.IPM.Note.NDR", Layout::none, Layout::none},
    {"SMIME", Layout::none, Layout::none},
    {"IPM.NoteSMIME", Layout::none, Layout::none},
    {"IPM.Note.SMIME.Custom", Layout::none, Layout::none},
    {"IPM.Note.SMIME", Layout::opaque, Layout::encrypted},
    {"REPORT.IPM.Note.SMIME", Layout::opaque, Layout::encrypted},
    {"IPM.Note.SMIME.MultipartSigned", Layout::clear_signed, Layout::clear_signed},
    {"REPORT.IPM.Note.SMIME.MultipartSigned", Layout::clear_signed, Layout::clear_signed},
    {"IPM.Custom.SMIME.MultipartSigned", Layout::clear_signed, Layout::clear_signed},
    {"ENVELOPE", Layout::none, Layout::none},
};
constexpr const char* kTops[] = {"", "multipart/signed", "application/pkcs7-mime",
                                 "application/pkcs7-mime; smime-type=signed-data",
                                 "application/pkcs7-mime; smime-type=enveloped-data"};

Layout expected(const LayoutRow& row, std::string_view top) {
  return top.ends_with("enveloped-data") ? row.enveloped_data : row.signed_data;
}

TEST(SignedLayout, FollowsFromTheClassAndTheTopLevel) {
  ContentBehaviour behaviour;
  for (const LayoutRow& row : kByClass)
    for (const char* top : kTops)
      for (const char* inner : {"", "IPM.Note", "IPM.Note.SMIME.MultipartSigned"}) {
        auto ruling = behaviour.signed_layout.rule({row.message_class, top, inner});
        EXPECT_EQ(ruling.outcome, expected(row, top)) << row.message_class << " " << top;
        EXPECT_FALSE(ruling.blame);
      }
}

TEST(SignedLayout, AnEnvelopeIsWrappedWhateverIsInIt) {
  ContentBehaviour behaviour;
  for (const LayoutRow& row : kByClass)
    for (const char* top : kTops) {
      std::string enveloped = std::string("ENVELOPE.") + row.message_class;
      EXPECT_EQ(behaviour.signed_layout.rule({enveloped, top, row.message_class}).outcome, Layout::wrapped);
    }
}

// Rows: what the class promises. Columns: what is there. R readable, - not.
TEST(OpenForScan, IsReadableWhenThePromiseIsKept) {
  constexpr const char* kReadable[] = {
      // plain, multipart/signed, pkcs7-mime, embedded message
      "RRRR",  // none
      "-R--",  // clear-signed
      "--R-",  // opaque
      "--R-",  // encrypted
      "---R",  // wrapped
  };
  ContentBehaviour behaviour;
  for (Layout layout : kLayouts)
    for (Structure structure : kStructures) {
      auto ruling = behaviour.open_for_scan.rule({layout, structure});
      bool readable = kReadable[static_cast<int>(layout)][static_cast<int>(structure)] == 'R';
      EXPECT_EQ(ruling.outcome.readable, readable) << static_cast<int>(layout) << static_cast<int>(structure);
      EXPECT_TRUE(readable || ruling.outcome.code.value == -2147467259);
      EXPECT_FALSE(ruling.blame);
    }
}

void lay_wrong_layout(builds::NodeBehaviour& behaviour, Blame article) {
  quirks::find_quirk("KB843242")->changes[0].lay(behaviour, article);
}

TEST(SignedLayout, TheDeviationIsAboutNothingButEnvelopedClearSignedClasses) {
  builds::NodeBehaviour deviating, designed;
  const Blame article = blame_of("KB843242");
  lay_wrong_layout(deviating, article);
  int changed = 0;
  for (const LayoutRow& row : kByClass)
    for (std::string prefix : {"", "ENVELOPE.", "ENVELOPE.ENVELOPE.", "envelope."})
      for (const char* top : kTops) {
        std::string cls = prefix + row.message_class;
        SignedLayoutFacts facts{cls, top, ""};
        auto ruling = deviating.content.signed_layout.rule(facts);
        bool concerns = prefix == "ENVELOPE." && row.signed_data == Layout::clear_signed;
        changed += concerns ? 1 : 0;
        EXPECT_EQ(ruling.blame, concerns ? article : Blame{}) << cls;
        EXPECT_EQ(ruling.outcome, concerns ? Layout::clear_signed : designed.content.signed_layout.rule(facts).outcome)
            << cls;
      }
  EXPECT_EQ(changed, 3 * 5);
}

TEST(OpenForScan, TheDeviationLeavesTheSecondDecisionAlone) {
  builds::NodeBehaviour deviating, designed;
  lay_wrong_layout(deviating, blame_of("KB843242"));
  for (Layout layout : kLayouts)
    for (Structure structure : kStructures)
      EXPECT_EQ(deviating.content.open_for_scan.rule({layout, structure}).outcome,
                designed.content.open_for_scan.rule({layout, structure}).outcome);
}

// ---- stories

const std::string kAnn = "ann@contoso.com", kBob = "bob@contoso.com";
const std::string kText = "Content-Type: text/plain\r\n\r\nFive each.\r\n";
const std::string kHead = "From: ann@contoso.com\r\nTo: bob@contoso.com\r\nSubject: Offer\r\nMIME-Version: 1.0\r\n";
constexpr std::int64_t kMarch2006 = 1'141'200'000;

Content in_mime(const std::string& octets) { return {.form = Form::mime, .octets = kHead + octets}; }

Content in_mapi(const Content& content) {
  Message message = open_content(content, {}, {}).message;
  return {.form = Form::mapi, .message = std::make_shared<Message>(std::move(message))};
}

Content over_x400(const Content& content) {
  X400Message envelope{.mts_id = "c=us;a= ;p=contoso;l=EX1-1", .originator = "dda:SMTP=ann(a)contoso.com"};
  FromX400 come = from_x400(to_x400(content, envelope, {}, {}), content);
  EXPECT_NE(come.content, nullptr) << come.reason;
  return *come.content;
}

struct Kind {
  const char* name;
  Content content;
  Layout layout;
  Structure structure;
};
std::vector<Kind> kinds() {
  return {
      {"plain", in_mime(kText), Layout::none, Structure::plain},
      {"clear-signed", in_mime(sign_clear(kText, kAnn, kMarch2006)), Layout::clear_signed, Structure::multipart_signed},
      {"opaque", in_mime(sign_opaque(kText, kAnn, kMarch2006)), Layout::opaque, Structure::pkcs7_mime},
      {"encrypted", in_mime(encrypt(kText, kBob)), Layout::encrypted, Structure::pkcs7_mime},
  };
}

void expect_readable(const Content& content, const ContentBehaviour& behaviour, Layout layout, Structure structure) {
  ForScan scan = open_for_scan(content, behaviour);
  EXPECT_TRUE(scan.readable);
  EXPECT_EQ(scan.layout, layout);
  EXPECT_EQ(scan.structure, structure);
  EXPECT_FALSE(scan.blame);
}

TEST(OpenForScan, EveryKindIsReadInAStoreAndInItsEnvelope) {
  for (const Kind& kind : kinds()) {
    SCOPED_TRACE(kind.name);
    Content stored = in_mapi(kind.content), enveloped = over_x400(stored);
    expect_readable(stored, {}, kind.layout, kind.structure);
    expect_readable(enveloped, {}, Layout::wrapped, Structure::embedded_message);
    EXPECT_EQ(message_class(enveloped), "ENVELOPE." + message_class(stored));
    expect_readable(*unwrap(enveloped), {}, kind.layout, kind.structure);
  }
}

TEST(OpenForScan, TheArticleMakesOneKindUnreadableAndOnlyInItsEnvelope) {
  builds::NodeBehaviour deviating;
  const Blame article = blame_of("KB843242");
  lay_wrong_layout(deviating, article);
  for (const Kind& kind : kinds()) {
    SCOPED_TRACE(kind.name);
    Content stored = in_mapi(kind.content), enveloped = over_x400(stored);
    expect_readable(stored, deviating.content, kind.layout, kind.structure);
    expect_readable(*unwrap(enveloped), deviating.content, kind.layout, kind.structure);
    if (kind.layout != Layout::clear_signed) {
      expect_readable(enveloped, deviating.content, Layout::wrapped, Structure::embedded_message);
      continue;
    }
    ForScan scan = open_for_scan(enveloped, deviating.content);
    EXPECT_FALSE(scan.readable);
    EXPECT_EQ(scan.code, kCallFailed);
    EXPECT_EQ(scan.layout, Layout::clear_signed);
    EXPECT_EQ(scan.structure, Structure::embedded_message);
    EXPECT_EQ(scan.blame, article);
  }
}

// Octets have no class: what they are is read from them, and so it is what they promise.
TEST(OpenForScan, OctetsAreReadableAsWhatTheyAre) {
  builds::NodeBehaviour deviating;
  lay_wrong_layout(deviating, blame_of("KB843242"));
  for (const Kind& kind : kinds()) {
    SCOPED_TRACE(kind.name);
    ForScan scan = open_for_scan(kind.content, deviating.content);
    EXPECT_TRUE(scan.readable);
    EXPECT_EQ(scan.structure, kind.structure);
    EXPECT_FALSE(scan.blame);
  }
}

TEST(OpenForScan, AClassThatPromisesWhatIsNotThereIsUnreadable) {
  Message bare = note();
  bare.properties.set(tag::kMessageClass, std::string("IPM.Note.SMIME.MultipartSigned"));
  ForScan scan = open_for_scan({.message = std::make_shared<Message>(bare)}, {});
  EXPECT_FALSE(scan.readable);
  EXPECT_EQ(scan.structure, Structure::plain);
  bare.attachments = {testing::file("smime.p7m", "x"), testing::file("more", "y")};
  EXPECT_FALSE(open_for_scan({.message = std::make_shared<Message>(bare)}, {}).readable);
}

}  // namespace
}  // namespace deadletter::content
