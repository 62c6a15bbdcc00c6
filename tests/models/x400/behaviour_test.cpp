// What an MTA decides: every case of the two points, and the arithmetic on its attributes.
#include "models/x400/behaviour.h"

#include <gtest/gtest.h>

namespace deadletter::x400 {
namespace {

using content::kContentExternal, content::kContentP2, content::kContentP22, content::kContentUnidentified;

TEST(X400Wrap, OnlyMessagesForServersOfTheProductTravelInAnEnvelope) {
  X400Behaviour b;
  auto wrap = [&](ContentKind content, PeerKind peer) { return b.wrap.rule({content, peer}).outcome; };
  EXPECT_EQ(wrap(ContentKind::tnef, PeerKind::exchange), Wrap::enveloped);
  EXPECT_EQ(wrap(ContentKind::mime, PeerKind::exchange), Wrap::enveloped);
  EXPECT_EQ(wrap(ContentKind::report, PeerKind::exchange), Wrap::plain);
  EXPECT_EQ(wrap(ContentKind::tnef, PeerKind::foreign_mta), Wrap::plain);
  EXPECT_EQ(wrap(ContentKind::mime, PeerKind::foreign_mta), Wrap::plain);
  EXPECT_EQ(wrap(ContentKind::report, PeerKind::foreign_mta), Wrap::plain);
}

constexpr TransferAnswer rejected_for(Diagnostic diagnostic) {
  return {false, {Reason::unable_to_transfer, diagnostic}};
}

// All kinds of item, content types and lists of up to two extensions; what is expected is said in one place, without
// the code's order of questions.
TEST(X400AcceptTransfer, IsDecidedByExtensionsThenByContent) {
  std::vector<ExtensionFacts> kinds;
  for (ExtensionForm form : {ExtensionForm::integer, ExtensionForm::oid})
    for (bool critical : {false, true})
      for (bool known : {false, true}) kinds.push_back({form, critical, known});
  std::vector<std::vector<ExtensionFacts>> lists = {{}};
  for (const ExtensionFacts& a : kinds) lists.push_back({a});
  for (const ExtensionFacts& a : kinds)
    for (const ExtensionFacts& b : kinds) lists.push_back({a, b});

  X400Behaviour b;
  int accepted = 0, critical_function = 0, content_type = 0;
  for (ItemKind item : {ItemKind::message, ItemKind::probe, ItemKind::report, ItemKind::routing_information})
    for (std::int32_t type : {kContentUnidentified, kContentExternal, kContentP2, kContentP22, 35, -1})
      for (const auto& list : lists) {
        bool unknown_critical = false;
        for (const ExtensionFacts& e : list) unknown_critical |= e.critical && !e.known;
        bool has_content = item == ItemKind::message || item == ItemKind::probe;
        bool content_unknown = has_content && type != kContentExternal && type != kContentP2 && type != kContentP22;
        bool routing = item == ItemKind::routing_information;
        TransferAnswer expected = unknown_critical             ? rejected_for(Diagnostic::unsupported_critical_function)
                                  : content_unknown || routing ? rejected_for(Diagnostic::content_type_not_supported)
                                                               : TransferAnswer{};
        auto ruling = b.accept_transfer.rule({type, item, list});
        EXPECT_EQ(ruling.outcome, expected);
        EXPECT_EQ(ruling.blame, Blame{});
        (expected.accepted ? accepted : unknown_critical ? critical_function : content_type)++;
        TransferAnswer of_own = transfer_answer_with_routing({type, item, list});
        EXPECT_EQ(of_own, routing && !unknown_critical ? TransferAnswer{} : expected);
      }
  EXPECT_EQ(accepted + critical_function + content_type, 4 * 6 * 73);
  EXPECT_GT(accepted, 0);
  EXPECT_GT(critical_function, 0);
  EXPECT_GT(content_type, 0);
}

TEST(X400Attributes, AreTheConnectorsDefaults) {
  X400Behaviour b;
  EXPECT_EQ(b.open_retries->total(), Duration::hours(24));
  EXPECT_EQ(*b.transfer_retries, (Retries{2, Duration::minutes(2)}));
  EXPECT_EQ(b.lifetime->of(X400Priority::urgent), Duration::days(2));
  EXPECT_EQ(b.lifetime->of(X400Priority::normal), Duration::days(7));
  EXPECT_EQ(b.lifetime->of(X400Priority::non_urgent), Duration::days(10));
  EXPECT_EQ(*b.hop_limit, 512U);
  EXPECT_EQ(*b.association, (AssociationTimes{Duration::minutes(5), Duration::minutes(2), 50}));
}

TEST(X400Attributes, SayHowLongAnAssociationLasts) {
  X400Behaviour b;
  Instant last{Duration::hours(1).ns};
  EXPECT_EQ(idle_until(b, last), last + Duration::seconds(300));
  EXPECT_EQ(disconnected_by(b, idle_until(b, last)), last + Duration::seconds(420));
}

TEST(X400Attributes, FiftyWaitingMessagesAreOneAssociationsShare) {
  X400Behaviour b;
  EXPECT_FALSE(opens_another(b, 0, 0));
  EXPECT_TRUE(opens_another(b, 1, 0));
  EXPECT_FALSE(opens_another(b, 50, 1));
  EXPECT_TRUE(opens_another(b, 51, 1));
  EXPECT_FALSE(opens_another(b, 100, 2));
  EXPECT_TRUE(opens_another(b, 101, 2));
  b.association.set({Duration::seconds(1), Duration::seconds(1), 0}, {});
  EXPECT_TRUE(opens_another(b, 2, 1));
}

TEST(X400Attributes, ATransferTakesItsTimeBySize) {
  X400Behaviour b;
  EXPECT_EQ(transfer_time(b, X400Priority::urgent, 0), Duration::seconds(1000));
  EXPECT_EQ(transfer_time(b, X400Priority::normal, 1024), Duration::seconds(2000));
  EXPECT_EQ(transfer_time(b, X400Priority::normal, 1025), Duration::seconds(4000));
  EXPECT_EQ(transfer_time(b, X400Priority::non_urgent, 10 * 1024), Duration::seconds(30'000));
  EXPECT_EQ(transfer_time(b, X400Priority::normal, ~std::uint64_t{0}), Duration::days(365));
}

TEST(X400Attributes, AStampMoreThanAWeekAwayIsTooFar) {
  X400Behaviour b;
  constexpr std::int64_t now = 1'141'200'000, week = 7 * 86'400;
  for (std::int64_t sign : {-1, 1}) {
    EXPECT_FALSE(stamp_too_far(b, now + sign * week, now));
    EXPECT_TRUE(stamp_too_far(b, now + sign * (week + 1), now));
  }
}

}  // namespace
}  // namespace deadletter::x400
