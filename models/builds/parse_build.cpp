// Reads a build's text: releases, updates, and what their installers refuse.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/builds/installation.h"

namespace deadletter::builds {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t at; (at = text.find(separator)) != text.npos; text.remove_prefix(at + separator.size()))
    parts.emplace_back(text.substr(0, at));
  parts.emplace_back(text);
  return parts;
}

std::vector<std::string> release_names(Kind kind) {
  std::vector<std::string> names;
  for (const Product& product : products())
    for (const Release& release : product.releases)
      if (product.kind == kind) names.push_back(release.name);
  return names;
}

struct Offered {
  std::vector<const Package*> packages;
};

Offered packages_of(std::string_view update) {
  Offered offered;
  for (const quirks::Quirk& quirk : quirks::catalogue())
    for (const Package& package : quirk.packages)
      if (package.update == update) offered.packages.push_back(&package);
  return offered;
}

std::vector<std::string> update_names() {
  std::vector<std::string> names;
  for (const quirks::Quirk& quirk : quirks::catalogue())
    for (const Package& package : quirk.packages)
      if (std::ranges::find(names, package.update) == names.end()) names.push_back(package.update);
  return names;
}

// Why the installer of the update would not install it on `release`; empty when it would.
std::string refusal(const Offered& offered, const std::string& update, const std::string& branch,
                    const Installed& part) {
  if (std::ranges::find(part.release->contains, update) != part.release->contains.end())
    return fmt::format("{} contains it already", part.release->name);
  if (std::ranges::find(part.updates, update) != part.updates.end()) return "it is installed already";
  std::vector<std::string> branches;
  for (const Package* package : offered.packages)
    if (branch.empty() || package->branch == branch) branches.push_back(package->branch);
  if (branches.empty()) return fmt::format("there is no package for {}", branch);
  if (std::ranges::find(branches, part.release->name) != branches.end()) return "";
  return fmt::format("needs {}, found {}", fmt::join(branches, " or "), part.release->name);
}

void add_update(const std::string& word, Installed& part, ParsedBuild& parsed) {
  std::string update = word.substr(0, word.find('@'));
  std::string branch = word.find('@') == word.npos ? "" : word.substr(word.find('@') + 1);
  if (update.empty()) {
    parsed.errors.push_back({"an update is missing behind \"+\"", "", update_names()});
    return;
  }
  Offered offered = packages_of(update);
  if (offered.packages.empty()) {
    parsed.errors.push_back({fmt::format("unknown update \"{}\"", update), update, update_names()});
    return;
  }
  std::string reason = refusal(offered, update, branch, part);
  if (reason.empty())
    part.updates.push_back(update);
  else
    parsed.refused.push_back({update, reason});
}

// "a", "a or b", "a, b or c".
std::string any_of(const std::vector<std::string>& words) {
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) text += (i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

void add_part(std::string_view text, Kind kind, ParsedBuild& parsed) {
  std::vector<std::string> words = split(text, "+");
  if (words[0].empty()) {
    parsed.errors.push_back(
        {"a release is missing: nothing stands before \"+\" or beside \" on \"", "", release_names(kind)});
    return;
  }
  FoundRelease found = find_release(words[0]);
  if (found.release == nullptr) {
    parsed.errors.push_back({fmt::format("unknown release \"{}\"", words[0]), words[0], release_names(kind)});
    return;
  }
  Installed part{found.product, found.release, {}};
  for (std::size_t i = 1; i < words.size(); ++i) add_update(words[i], part, parsed);
  parsed.build.parts.push_back(std::move(part));
}

bool runs_on(const Product& product, const Installed& below) {
  auto named = [&](const std::string& name) { return name == below.product->name || name == below.release->name; };
  return std::ranges::any_of(product.runs_on, named);
}

std::string platform_message(const Installed& part) {
  const Product& product = *part.product;
  const std::string& first = product.runs_on.front();
  std::string note = product.platform_note.empty() ? "" : fmt::format(" ({})", product.platform_note);
  std::string example = find_release(first).release == nullptr ? first + "-…" : first;
  return fmt::format("{} runs on {}{}: write \"{} on {}\"", product.name, any_of(product.runs_on), note,
                     part.release->name, example);
}

void check_platform(ParsedBuild& parsed) {
  const auto& parts = parsed.build.parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Product& product = *parts[i].product;
    bool last = i + 1 == parts.size();
    if (product.runs_on.empty() && !last)
      parsed.errors.push_back({fmt::format("{} does not run on another product", product.name), product.name, {}});
    if (!product.runs_on.empty() && (last || !runs_on(product, parts[i + 1])))
      parsed.errors.push_back({platform_message(parts[i]), parts[i].release->name, {}});
  }
}

void check_kind(Kind kind, ParsedBuild& parsed) {
  const Installed& top = parsed.build.parts.front();
  if (top.product->kind != kind)
    parsed.errors.push_back({fmt::format("{} is a mail {}: a mail {} is wanted here", top.release->name,
                                         text(top.product->kind), text(kind)),
                             top.release->name,
                             {}});
}

}  // namespace

ParsedBuild parse_build(std::string_view text, Kind kind) {
  ParsedBuild parsed;
  parsed.build.text = text;
  for (const std::string& part : split(text, " on ")) add_part(part, kind, parsed);
  if (parsed.errors.empty()) check_platform(parsed);
  if (parsed.errors.empty()) check_kind(kind, parsed);
  return parsed;
}

}  // namespace deadletter::builds
