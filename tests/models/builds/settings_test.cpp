// Attributes by name: each is read from JSON, shown to people, and set by nothing else.
#include "models/builds/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace deadletter::builds {
namespace {

using ::testing::HasSubstr;

// Sets one attribute; the problems as they would be printed, empty when there were none.
std::string apply(NodeBehaviour& behaviour, const std::string& name, const std::string& text) {
  json::Problems problems;
  auto value = json::parse(std::make_shared<json::Source>(json::Source{"test", text}), problems);
  EXPECT_TRUE(value) << text;
  json::Context context(problems);
  EXPECT_TRUE(apply_setting(behaviour, name, *value, context)) << name;
  return json::render(problems);
}

std::string shown(const NodeBehaviour& behaviour, const std::string& name) {
  for (const AttributeRow& row : attribute_rows(behaviour))
    if (row.info->name == name) return row.value;
  return "no such attribute";
}

struct Row {
  const char* name;
  const char* text;   // JSON
  const char* shown;  // as people see it
};
// For each attribute a value that no product has, and what it is shown as.
const Row kRows[] = {
    {"smtp.client.timers", R"({"DATA": "17s", "GREETING": "1m1s"})",
     "CONNECT 1m, GREETING 1m1s, EHLO 5m, MAIL 5m, RCPT 5m, DATA 17s, BODY 3m, DOT 10m, RSET 5m, QUIT 5m"},
    {"smtp.client.timer_scope", R"("per_reply")", "per_reply"},
    {"smtp.client.reply_code_from", R"("first_line")", "first_line"},
    {"smtp.client.read_window", R"("200ms")", "200ms"},
    {"smtp.client.rcpt_552", R"("surplus")", "surplus"},
    {"smtp.client.pipelining", R"("off")", "off"},
    {"smtp.server.capabilities", R"(["SIZE 1000", "X-TOY A B"])", "SIZE 1000, X-TOY A B"},
    {"smtp.server.recipient_limit", "77", "77"},
    {"smtp.server.recipient_limit_code", "552", "552"},
    {"smtp.server.message_limit", "123456", "123456"},
    {"smtp.server.idle", R"("7m")", "7m"},
    {"queue.ladder", R"(["1m", "1h30m"])", "1m, 1h30m"},
    {"queue.message_ladder", R"("exim")",
     "exim (15m, 15m, 15m, 15m, 15m, 15m, 15m, 15m, 1h, 1h30m, 2h15m, 3h22m30s, 5h3m45s, 6h)"},
    {"queue.glitch", R"({"interval": "2s", "count": 9})", "9 × 2s"},
    {"queue.glitch_stages", R"(["message", "busy"])", "busy, message"},
    {"queue.problem_after", "13", "13"},
    {"queue.per_domain", "3", "3"},
    {"queue.messages_per_connection", "1", "1"},
    {"transport.lifetime", R"("3d4h")", "3d4h"},
    {"transport.delay_notice", R"("0s")", "0s"},
    {"transport.expiry_status", R"("5.0.0")", "5.0.0"},
    {"transport.report_shape", R"("postfix")", "postfix"},
    {"network.segment_size", "536", "536"},
    {"smtp.server.back_pressure", R"("medium")", "medium"},
    {"queue.mailbox_ladder", R"(["7m"])", "7m"},
    {"queue.connections", "11", "11"},
    {"transport.router", R"("sites")", "sites"},
    {"transport.hop_limit", "12", "12"},
    {"transport.minor_hold", R"("3m")", "3m"},
    {"transport.link_probe", R"("90s")", "1m30s"},
    {"transport.unreachable_retry", R"("20m")", "20m"},
    {"transport.processing_time", R"("5ms")", "5ms"},
    {"queue.host_retries", "14", "14"},
    {"queue.message_retries", "15", "15"},
    {"queue.connection_threshold", "16", "16"},
    {"transport.convert_at", R"("categorizer")", "categorizer"},
    {"content.variant_time_range", R"({"first": "1900-01-01", "last": "2199-12-31"})", "1900-01-01 to 2199-12-31"},
    {"content.nesting_limit", "17", "17"},
    {"content.header_limit", "8192", "8192"},
    {"content.line_limit", "76", "76"},
    {"content.calendar_product", R"("Toy Calendar")", "Toy Calendar"},
    {"store.delivery_ladder", R"(["8m"])", "8m"},
    {"store.delivery_lifetime", R"("7d")", "7d"},
    {"store.filter", R"("on")", "on"},
    {"store.diagnostics", R"("on")", "on"},
    {"x400.open_retries", R"({"count": 3, "interval": "90s"})", "3 × 1m30s"},
    {"x400.transfer_retries", R"({"count": 0, "interval": "1s"})", "none"},
    {"x400.lifetime", R"({"urgent": "1h", "normal": "2h", "non_urgent": "3d"})", "urgent 1h, normal 2h, non_urgent 3d"},
    {"x400.max_stamp_skew", R"("1d")", "1d"},
    {"x400.hop_limit", "9", "9"},
    {"x400.association", R"({"lifetime": "1m", "disconnect": "2s", "threshold": 7})",
     "lifetime 1m, disconnect 2s, threshold 7"},
    {"x400.open_timeout", R"("11s")", "11s"},
    {"x400.transfer_timeout", R"({"urgent": "1s", "normal": "2s", "non_urgent": "3s"})",
     "urgent 1s, normal 2s, non_urgent 3s"},
    {"scanner.enabled", R"("on")", "on"},
    {"scanner.proactive", R"("off")", "off"},
    {"scanner.background", R"("on")", "on"},
    {"scanner.transport", R"("on")", "on"},
    {"scanner.threads", "7", "7"},
    {"scanner.processors", "4", "4"},
    {"scanner.low_queue", "31", "31"},
    {"scanner.time_per_item", R"("1s")", "1s"},
    {"scanner.time_per_mb", R"("2s")", "2s"},
    {"scanner.timeout", R"("4m")", "4m"},
    {"scanner.exclusions", R"(["IPM.Note.SMIME", ".zip"])", "IPM.Note.SMIME, .zip"},
    {"scanner.infected", R"("block")", "block"},
    {"scanner.signatures", "12", "12"},
    {"scanner.background_threads", "2", "2"},
    {"scanner.store_items", "50000", "50000"},
    {"scanner.store_item_size", "40960", "40960"},
    {"scanner.opens_per_hour", "300", "300"},
    {"store.builtin_groups", R"("544..554")", "544..554"},
    {"store.ignore_zombies", R"("on")", "on"},
    {"store.address_types_read", R"("change")", "change"},
    {"directory.search_scope", R"("domain")", "domain"},
    {"client.address_types_read", R"("change")", "change"},
    {"client.upload", R"("16s")", "16s"},
    {"client.download", R"("31s")", "31s"},
    {"client.maximum", R"("61s")", "1m1s"},
    {"client.oab", R"("12h")", "12h"},
};

TEST(Settings, EveryAttributeIsReadAndShownAndLeavesTheOthersAlone) {
  NodeBehaviour usual;
  for (const Row& row : kRows) {
    NodeBehaviour behaviour;
    EXPECT_EQ(apply(behaviour, row.name, row.text), "");
    for (const AttributeRow& now : attribute_rows(behaviour)) {
      bool set = now.info->name == std::string(row.name);
      EXPECT_EQ(now.value, set ? row.shown : shown(usual, now.info->name)) << row.name << " and " << now.info->name;
      EXPECT_EQ(now.laid.layer, set ? Layer::configuration : Layer::standard) << row.name;
    }
  }
}

TEST(Settings, TheTableAboveNamesEveryAttributeAndTheSchemaToo) {
  std::vector<std::string> tested;
  for (const Row& row : kRows) tested.emplace_back(row.name);
  EXPECT_THAT(attribute_names(), ::testing::UnorderedElementsAreArray(tested));
  json::Value schema = settings_schema();
  for (const std::string& name : attribute_names()) EXPECT_NE(schema.find("properties")->find(name), nullptr) << name;
  EXPECT_EQ(schema.find("properties")->members().size(), attribute_names().size());
}

TEST(Settings, EveryWordOfAChoiceAndEveryPresetReadsBack) {
  const std::pair<const char*, std::vector<std::string>> choices[] = {
      {"smtp.client.timer_scope", {"per_read", "per_reply"}},
      {"smtp.client.reply_code_from", {"last_line", "first_line"}},
      {"smtp.client.rcpt_552", {"permanent", "surplus"}},
      {"smtp.client.pipelining", {"off", "on"}},
      {"transport.expiry_status", {"4.4.7", "last_status", "5.0.0"}},
      {"transport.report_shape",
       {"rfc3464", "windows_smtp", "exchange_2007", "postfix", "exchange_2003", "x400_report"}},
      {"transport.router", {"dns", "link_state", "sites"}},
      {"smtp.server.back_pressure", {"normal", "medium", "high"}},
      {"scanner.infected", {"clean_or_delete", "clean_or_block", "delete", "block"}},
  };
  for (const auto& [name, words] : choices)
    for (const std::string& word : words) {
      NodeBehaviour behaviour;
      EXPECT_EQ(apply(behaviour, name, "\"" + word + "\""), "");
      EXPECT_EQ(shown(behaviour, name), word);
    }
  for (const transport::Ladder& preset : transport::ladder_presets()) {
    NodeBehaviour behaviour;
    EXPECT_EQ(apply(behaviour, "queue.ladder", "\"" + preset.preset + "\""), "");
    EXPECT_EQ(*behaviour.queue.ladder, preset);
    EXPECT_THAT(shown(behaviour, "queue.ladder"), HasSubstr(preset.preset + " ("));
  }
}

TEST(Settings, AValueThatIsNoneIsRefusedAndChangesNothing) {
  const std::pair<const char*, const char*> rows[] = {
      {"smtp.client.timers", R"({"NOOP": "1s"})"},
      {"smtp.client.timers", R"({"DATA": "0s"})"},
      {"smtp.client.timer_scope", R"("per read")"},
      {"smtp.client.read_window", "5"},
      {"smtp.client.pipelining", "true"},
      {"smtp.server.capabilities", R"(["A\r\n250 B"])"},
      {"smtp.server.capabilities", R"([""])"},
      {"smtp.server.recipient_limit", "-1"},
      {"smtp.server.recipient_limit", "1.5"},
      {"queue.ladder", "[]"},
      {"queue.ladder", R"(["0s"])"},
      {"queue.ladder", R"("isi")"},
      {"queue.glitch", R"({"interval": "1m"})"},
      {"queue.glitch", R"({"interval": "0s", "count": 1})"},
      {"queue.glitch_stages", R"(["greeting"])"},
      {"transport.lifetime", R"("-1d")"},
      {"transport.lifetime", R"("two days")"},
      {"transport.expiry_status", R"("4.4.8")"},
      {"x400.open_retries", R"({"count": -1, "interval": "1s"})"},
      {"x400.open_retries", R"({"count": 1})"},
      {"x400.lifetime", R"({"urgent": "1h", "normal": "0s", "non_urgent": "3d"})"},
      {"x400.association", R"({"lifetime": "1m", "disconnect": "2s", "threshold": 0})"},
      {"transport.delay_notice", R"("99999999d")"},
      {"network.segment_size", R"("1460")"},
      {"scanner.exclusions", R"(["*.zip"])"},
      {"scanner.exclusions", R"(["IPM.", "IPM"])"},
      {"scanner.exclusions", R"(".zip")"},
      {"scanner.infected", R"("clean")"},
  };
  NodeBehaviour usual;
  for (const auto& [name, text] : rows) {
    NodeBehaviour behaviour;
    EXPECT_NE(apply(behaviour, name, text), "") << name << " = " << text;
    EXPECT_EQ(shown(behaviour, name), shown(usual, name)) << text;
  }
}

TEST(Settings, AnUnknownNameIsNotFound) {
  NodeBehaviour behaviour;
  json::Problems problems;
  json::Context context(problems);
  for (const char* name : {"", "queue", "queue.ladder ", "smtp.client.reply_reader"})
    EXPECT_FALSE(apply_setting(behaviour, name, json::Value(1), context)) << name;
}

// Names are what experiments and articles are written with: each once, points and attributes alike.
TEST(Settings, NoTwoPointsOrAttributesShareAName) {
  std::set<std::string> seen;
  for (const PointRow& row : point_rows({})) EXPECT_TRUE(seen.insert(row.info->name).second) << row.info->name;
  for (const AttributeRow& row : attribute_rows({})) EXPECT_TRUE(seen.insert(row.info->name).second) << row.info->name;
}

}  // namespace
}  // namespace deadletter::builds
