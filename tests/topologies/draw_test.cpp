// Pictures: complete, the same every time, and readable without a viewer's help.
#include "topologies/draw.h"

#include <gtest/gtest.h>

#include <regex>

#include "tests/support/command.h"
#include "topologies/load.h"

namespace deadletter::testing {
namespace {

using namespace topologies;
using topologies::Layer;

Organization organization(const std::string& name) {
  json::Problems problems;
  auto loaded =
      load(std::make_shared<json::Source>(json::Source{name, read_file(source_path("topologies/" + name))}), problems);
  EXPECT_TRUE(loaded) << json::render(problems);
  return std::move(*loaded);
}

std::size_t count(const std::string& text, const std::string& words) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(words, at)) != text.npos; at += words.size()) ++n;
  return n;
}

TEST(Draw, EveryServerConnectorAndLinkIsThere) {
  Organization org = organization("mixed_org.json");
  std::string all = dot_of(org, Layer::all);
  for (const Server& s : org.servers) EXPECT_GE(count(all, "<B>" + s.name.value + "</B>"), 1U) << s.name.value;
  for (const Connector& c : org.connectors)
    EXPECT_EQ(count(all, c.name.value) > 0, c.type != ConnectorType::receive) << c.name.value;
  EXPECT_EQ(count(dot_of(org, Layer::network), "dir=\"none\""), org.links.size());
  EXPECT_EQ(count(dot_of(org, Layer::transport), "place "), 0U);
}

TEST(Draw, BuildsAreShort) {
  std::string all = dot_of(organization("mixed_org.json"), Layer::all);
  for (const char* words : {"Exchange 2007 SP1 +RU7", "Exchange 2003 SP2", "Exchange 2000 SP3"})
    EXPECT_GE(count(all, words), 1U) << words;
  EXPECT_EQ(count(all, "RTM"), 0U);
}

TEST(Draw, MarkupInADescriptionIsText) {
  Organization org = organization("two_sites.json");
  org.description = "a <b> & \"c\"";
  EXPECT_EQ(count(dot_of(org, Layer::all), "a &lt;b&gt; &amp; &quot;c&quot;"), 1U);
}

TEST(Draw, TheSameOctetsEveryTime) {
  Organization org = organization("mixed_org.json");
  for (Layer layer : {Layer::all, Layer::network, Layer::transport}) {
    std::string dot = dot_of(org, layer);
    EXPECT_EQ(dot, dot_of(organization("mixed_org.json"), layer));
    Svg one = svg_of(dot), other = svg_of(dot);
    ASSERT_EQ(one.error, "");
    EXPECT_EQ(one.text, other.text);
    EXPECT_EQ(count(one.text, "<!--"), 0U);
    EXPECT_EQ(count(one.text, "graphviz"), 0U);
    EXPECT_TRUE(one.text.starts_with("<?xml")) << one.text.substr(0, 80);
  }
}

struct Box {
  double left, right, low, high;
};

TEST(Draw, NoServerCoversAnother) {
  for (Layer layer : {Layer::all, Layer::network, Layer::transport}) {
    std::string svg = svg_of(dot_of(organization("mixed_org.json"), layer)).text;
    // A node's group, its title, and the path of its outline.
    std::regex node("class=\"node\">\\s*<title>([^<]*)</title>\\s*<path [^>]*d=\"([^\"]*)\"");
    std::vector<std::pair<std::string, Box>> boxes;
    for (std::sregex_iterator at(svg.begin(), svg.end(), node), end; at != end; ++at) {
      Box box{1e9, -1e9, 1e9, -1e9};
      std::string path = (*at)[2];
      std::regex point("(-?[0-9.]+),(-?[0-9.]+)");
      for (std::sregex_iterator p(path.begin(), path.end(), point); p != end; ++p) {
        double x = std::stod((*p)[1]), y = std::stod((*p)[2]);
        box = {std::min(box.left, x), std::max(box.right, x), std::min(box.low, y), std::max(box.high, y)};
      }
      boxes.emplace_back((*at)[1], box);
    }
    EXPECT_GE(boxes.size(), 12U);
    for (std::size_t i = 0; i < boxes.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const Box &a = boxes[i].second, &b = boxes[j].second;
        bool apart = a.right < b.left || b.right < a.left || a.high < b.low || b.high < a.low;
        EXPECT_TRUE(apart) << boxes[i].first << " and " << boxes[j].first;
      }
  }
}

// The pictures that the project shows.
TEST(Draw, TheShownPicturesShowTheTopologies) {
  for (const char* name : {"mixed_org", "two_sites", "two_organizations"}) {
    std::string svg = read_file(source_path(std::string("topologies/pictures/") + name + ".svg"));
    for (std::size_t at; (at = svg.find("&#45;")) != svg.npos;) svg.replace(at, 5, "-");
    for (const Server& s : organization(std::string(name) + ".json").servers)
      EXPECT_GE(count(svg, ">" + s.name.value + "<"), 1U) << name << " " << s.name.value << ": ./dev reference";
  }
}

TEST(Draw, WithoutTheProgramDotItSaysWhatToInstall) {
  TemporaryFolder folder;
  Said said = deadletter({"draw", source_path("topologies/two_sites.json"), "-o", folder / "x.svg"},
                         {.folder = "", .environment = {{"PATH", folder.path()}}});
  EXPECT_EQ(said.status, 2);
  EXPECT_EQ(count(said.err, "apt-get install graphviz"), 1U) << said.err;
}

}  // namespace
}  // namespace deadletter::testing
