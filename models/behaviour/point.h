// Decision points and attributes: the seams at which products, settings and articles make mail software differ.
//
// A decision point is a named pure function, facts -> outcome. Undisturbed it is one direct call. A product's profile
// may put its own documented answer in place of the standard's; that is no deviation and is never reported as one. A
// quirk adds a deviation, which sees the answer from below and returns that or another; what changed the answer is
// named in the ruling. An attribute is a named limit, interval, list or switch and knows who set it.
#pragma once
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/behaviour/blame.h"

namespace deadletter {

// How well a behaviour is known.
enum class Evidence : std::uint8_t { documented, observed, inferred, assumed };
const char* text(Evidence evidence);

// The layers, lowest first. Only the last one is reported as an article's doing.
enum class Layer : std::uint8_t { standard, profile, release, configuration, quirk };
const char* text(Layer layer);

struct PointInfo {
  const char* name;         // "smtp.client.reply_reader"
  const char* facts;        // what the decision may look at
  const char* outcomes;     // the closed list of answers
  const char* as_designed;  // the answer of the standard, in a sentence
  const char* source;       // RFC section, article, document
  Evidence evidence;
};

struct AttributeInfo {
  const char* name;
  const char* purpose;
  const char* unit;    // and range
  const char* source;  // of the standard's value
  Evidence evidence;
};

// Who laid a value or answer, for explanations.
struct Laid {
  Layer layer = Layer::standard;
  std::string by;  // product, file or article
};

template <class T>
void append_octets(std::string& octets, const T& value) {
  octets.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class F, class O>
class DecisionPoint {
 public:
  using Facts = F;
  using Outcome = O;
  using Answer = Outcome (*)(const Facts&);
  using Deviation = Outcome (*)(const Facts&, const Outcome& below);
  struct Ruling {
    Outcome outcome;
    Blame blame;  // the articles that changed the answer
  };

  DecisionPoint(const PointInfo& info, Answer as_designed) : info_(&info), answer_(as_designed) {}

  Ruling rule(const Facts& facts) const {
    Outcome outcome = answer_(facts);
    if (deviations_.empty()) return {std::move(outcome), {}};
    return deviated(facts, std::move(outcome));
  }

  // What it would be without any article.
  Outcome undisturbed(const Facts& facts) const { return answer_(facts); }

  // Equal for points that answer alike: octets to compare with those of the same point elsewhere, and for nothing else.
  void identify(std::string& octets) const {
    append_octets(octets, answer_);
    for (const auto& [deviation, article] : deviations_)
      append_octets(octets, deviation), append_octets(octets, article.set);
    octets.push_back(';');
  }

  const PointInfo& info() const { return *info_; }
  const Laid& laid() const { return laid_; }
  bool deviates() const { return !deviations_.empty(); }
  std::vector<Blame> deviating() const {
    std::vector<Blame> articles;
    for (const auto& [deviation, article] : deviations_) articles.push_back(article);
    return articles;
  }

  void answer_as(Answer answer, Laid laid) { answer_ = answer, laid_ = std::move(laid); }
  // In ascending order of articles: each sees what those before it made of the answer.
  void deviate(Deviation deviation, Blame article) { deviations_.emplace_back(deviation, article); }

 private:
  Ruling deviated(const Facts& facts, Outcome outcome) const {
    Blame blame;
    for (const auto& [deviation, article] : deviations_) {
      Outcome changed = deviation(facts, outcome);
      if (changed == outcome) continue;
      outcome = std::move(changed);
      blame = join(blame, article);
    }
    return {std::move(outcome), blame};
  }

  const PointInfo* info_;
  Answer answer_;
  Laid laid_;
  std::vector<std::pair<Deviation, Blame>> deviations_;
};

template <class T>
class Attribute {
 public:
  using Value = T;
  Attribute(const AttributeInfo& info, T standard) : info_(&info), value_(std::move(standard)) {}

  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }
  // The article that set the value, for the first ruling that uses it.
  Blame blame() const { return blame_; }

  // As of a decision point.
  void identify(std::string& octets) const {
    if constexpr (std::is_trivially_copyable_v<T>) {
      static_assert(std::has_unique_object_representations_v<T>);
      append_octets(octets, value_);
    } else {
      for (const auto& item : value_) octets += item, octets.push_back('\n');
    }
    append_octets(octets, blame_.set);
    octets.push_back(';');
  }

  const AttributeInfo& info() const { return *info_; }
  const Laid& laid() const { return laid_; }
  void set(T value, Laid laid, Blame blame = {}) { value_ = std::move(value), laid_ = std::move(laid), blame_ = blame; }

 private:
  const AttributeInfo* info_;
  T value_;
  Laid laid_;
  Blame blame_;
};

}  // namespace deadletter
