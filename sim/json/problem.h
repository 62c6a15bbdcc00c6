// What is wrong with an input: problems as values, collected and printed the way a compiler prints errors.
//
//   kb912341.json:7:3: unknown key "sead"
//     "sead": 912341,
//     ^
//     valid: id, question, seed, start
//     did you mean "seed"?
//
// Promises: memory is bounded whatever the input (the first 100 reported are kept, the rest counted); the printed order
// is by file and position, not by the order in which checks ran; what is found again at the same place (an experiment
// is checked once for each of its variants) is printed once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/json/place.h"
#include "sim/json/value.h"

namespace deadletter::json {

struct Problem {
  std::string file;
  Position position;
  std::string pointer;  // JSON Pointer to the value
  std::string message;
  std::vector<std::string> choices;      // all valid words, if the set is closed
  std::string word;                      // the word that stands where one of the choices belongs
  std::string hint;                      // the choice that was probably meant; Problems::add derives it from word
  std::shared_ptr<const Source> source;  // quotes the line; may be null
};

Problem problem_at(const Place& place, std::string message);
// The place of a part of the text that stands at `place`: a problem then points at the word and not at all of the text.
// The place itself when the text holds no such part, or is not written there as it is (with escapes).
Place place_of_part(const Place& place, std::string_view text, std::string_view part);
// An unknown word where one of `choices` belongs.
Problem problem_at(const Place& place, std::string message, std::string word, std::vector<std::string> choices);

class Problems {
 public:
  static constexpr std::size_t kKept = 100;

  void add(Problem problem);
  void add(const Problems& others);
  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }        // of all that were added
  std::size_t left_out() const { return left_out_; }  // of those that are not printed
  std::vector<Problem> sorted() const;

 private:
  std::vector<Problem> kept_;
  std::size_t count_ = 0, left_out_ = 0;
};

// Each ends with a line feed.
std::string render(const Problem& problem);
std::string render(const Problems& problems);

// {"errors":[{"file","line","column","pointer","message","choices":[…]}]}
Value to_json(const Problems& problems);

}  // namespace deadletter::json
