#include "experiments/sweep/sweep_page.h"

#include <fmt/format.h>

#include <algorithm>

namespace deadletter::experiments {
namespace {

constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1c2430; --dim: #5d6b7c; --line: #d9dfe7; --stripe: #f5f7fa; --bad: #b3261e;
  --paper: #ffffff; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e3e8ee; --dim: #98a5b5; --line: #38424f; --stripe: #1f2731;
  --bad: #ff8a80; --paper: #171d25; }} }}
body {{ font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 90rem; padding: 0 1.5rem; }}
h1 {{ font-size: 1.5rem; margin-bottom: .2rem; }} h2 {{ font-size: 1.1rem; margin-top: 2.2rem; }}
p {{ margin: .4rem 0; }} .dim {{ color: var(--dim); }} .bad {{ color: var(--bad); }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ padding: .3rem .8rem; border-bottom: 1px solid var(--line); white-space: nowrap; }}
th {{ text-align: right; font-weight: 600; color: var(--dim); }}
th.word, td.word {{ text-align: left; }} td {{ text-align: right; }}
tbody tr:hover {{ background: var(--stripe); }} tr.first td {{ border-top: 2px solid var(--line); }}
td small {{ color: var(--dim); }} code {{ font-size: .9em; overflow-wrap: anywhere; }}
</style>
</head>
<body>
)";

std::string escaped(const std::string& text) {
  std::string html;
  for (char c : text) switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  return html;
}

// A cell of a Markdown table ends at a bar.
std::string in_table(const std::string& text) {
  std::string cell;
  for (char c : text) cell += c == '|' ? std::string("\\|") : c == '\n' ? std::string(" ") : std::string(1, c);
  return cell;
}

// Columns that say nothing in any row (no mail was lost, none waits) are left out.
std::vector<ShownMetric> columns_of(const SweepTable& table) {
  std::vector<ShownMetric> columns;
  for (const ShownMetric& metric : shown_metrics())
    if (std::ranges::any_of(table.rows, [&](const SweepRow& row) {
          auto found = row.metrics.find(metric.name);
          return found != row.metrics.end() && found->second.most != 0;
        }))
      columns.push_back(metric);
  return columns;
}

std::string counted(const Collected& all) {
  std::string text = fmt::format("{} runs: {} done, {} of them held", all.cells(), all.done, all.held);
  if (all.failed > 0) text += fmt::format("; {} came to no end", all.failed);
  if (all.running + all.missing > 0) text += fmt::format("; {} still to run", all.running + all.missing);
  if (all.twice > 0) text += fmt::format("; {} ran twice with other memory and came out alike", all.twice);
  return text + ".";
}

std::string runs(const SweepRow& row) {
  std::string text = fmt::format("{}", row.done);
  if (row.not_held > 0) text += fmt::format(", {} not as expected", row.not_held);
  if (row.failed > 0) text += fmt::format(", {} failed", row.failed);
  if (row.absent > 0) text += fmt::format(", {} missing", row.absent);
  return text;
}

std::string figure(const SweepRow& row, const ShownMetric& metric) {
  auto found = row.metrics.find(metric.name);
  return text(found == row.metrics.end() ? Spread{} : found->second, metric.seconds);
}

void table_as_markdown(const SweepTable& table, std::string& text) {
  const auto columns = columns_of(table);
  text += fmt::format("\n## {}\n\n|", table.experiment);
  std::string rule = "|";
  auto head = [&](const std::string& word, const char* mark) { text += fmt::format(" {} |", word), rule += mark; };
  for (const FactorValue& f : table.rows.front().factors) head(in_table(short_name(f.name)), " --- |");
  head("variant", " --- |"), head("runs", " ---: |");
  for (const ShownMetric& metric : columns) head(metric.head, " ---: |");
  text += "\n" + rule + "\n";
  for (const SweepRow& row : table.rows) {
    text += "|";
    for (const FactorValue& f : row.factors) text += fmt::format(" {} |", in_table(f.value));
    text += fmt::format(" {} | {} |", row.variant, runs(row));
    for (const ShownMetric& metric : columns) text += fmt::format(" {} |", figure(row, metric));
    text += "\n";
  }
}

// "12.5 (9–14)": the spread stands back.
std::string as_html(const std::string& figure) {
  std::size_t spread = figure.find(" (");
  if (spread == figure.npos) return escaped(figure);
  return fmt::format("{} <small>{}</small>", escaped(figure.substr(0, spread)), escaped(figure.substr(spread + 1)));
}

void table_as_html(const SweepTable& table, std::string& html) {
  const auto columns = columns_of(table);
  html += fmt::format("<h2>{}</h2>\n<div class=\"wide\"><table>\n<thead><tr>", escaped(table.experiment));
  for (const FactorValue& f : table.rows.front().factors)
    html += fmt::format("<th class=\"word\" title=\"{}\">{}</th>", escaped(f.name), escaped(short_name(f.name)));
  html += "<th class=\"word\">variant</th><th>runs</th>";
  for (const ShownMetric& metric : columns) html += fmt::format("<th>{}</th>", metric.head);
  html += "</tr></thead>\n<tbody>\n";
  const std::vector<FactorValue>* last = nullptr;
  for (const SweepRow& row : table.rows) {
    bool first = last != nullptr && *last != row.factors;
    last = &row.factors;
    html += first ? "<tr class=\"first\">" : "<tr>";
    for (const FactorValue& f : row.factors) html += fmt::format("<td class=\"word\">{}</td>", escaped(f.value));
    bool bad = row.not_held + row.failed > 0;
    html += fmt::format("<td class=\"word\">{}</td><td{}>{}</td>", escaped(row.variant), bad ? " class=\"bad\"" : "",
                        runs(row));
    for (const ShownMetric& metric : columns) html += fmt::format("<td>{}</td>", as_html(figure(row, metric)));
    html += "</tr>\n";
  }
  html += "</tbody></table></div>\n";
}

}  // namespace

std::string short_name(const std::string& factor) {
  if (!factor.starts_with('/')) return factor;
  return factor.substr(factor.rfind('/') + 1);
}

std::string text(const SweepCell& cell) {
  std::string text = fmt::format("{} {}, seed {}", cell.experiment, cell.variant, cell.seed);
  for (const FactorValue& f : cell.factors) text += fmt::format(", {}={}", short_name(f.name), f.value);
  return text;
}

std::string sweep_markdown(const Sweep& sweep, const Collected& all) {
  std::string text = fmt::format("# {}\n\n", sweep.plan.id);
  if (!sweep.plan.question.empty()) text += sweep.plan.question + "\n\n";
  text += counted(all) + "\n";
  if (!all.failures.empty()) text += "\n## What did not hold\n\n";
  for (const FailureGroup& group : all.failures) {
    text += fmt::format("- {} × {}: {}\n", group.cells, text_of_status(group.status), group.signature);
    for (const SweepCell* cell : group.examples)
      text += fmt::format("  - {}: `{}`\n", experiments::text(*cell), command_of(sweep.plan, *cell));
  }
  for (const SweepTable& table : all.tables) table_as_markdown(table, text);
  return text +
         "\nOf each row: the mean over its runs, and in brackets the least and the most when they are not all alike. "
         "Delays count from submission to the first copy, or to the end of the run.\n";
}

std::string sweep_html(const Sweep& sweep, const Collected& all) {
  std::string html = fmt::format(kHead, fmt::arg("title", escaped(sweep.plan.id)));
  html += fmt::format("<h1>{}</h1>\n", escaped(sweep.plan.id));
  if (!sweep.plan.question.empty()) html += fmt::format("<p>{}</p>\n", escaped(sweep.plan.question));
  html += fmt::format("<p class=\"dim\">{}</p>\n", escaped(counted(all)));
  if (!all.failures.empty()) html += "<h2>What did not hold</h2>\n<ul>\n";
  for (const FailureGroup& group : all.failures) {
    html += fmt::format("<li><span class=\"bad\">{} × {}</span>: {}<ul>\n", group.cells,
                        escaped(text_of_status(group.status)), escaped(group.signature));
    for (const SweepCell* cell : group.examples)
      html +=
          fmt::format("<li>{}<br><code>{}</code></li>\n", escaped(text(*cell)), escaped(command_of(sweep.plan, *cell)));
    html += "</ul></li>\n";
  }
  if (!all.failures.empty()) html += "</ul>\n";
  for (const SweepTable& table : all.tables) table_as_html(table, html);
  return html +
         "<p class=\"dim\">Of each row: the mean over its runs, and in brackets the least and the most when they are "
         "not all alike. Delays count from submission to the first copy, or to the end of the run.</p>\n"
         "</body>\n</html>\n";
}

}  // namespace deadletter::experiments
