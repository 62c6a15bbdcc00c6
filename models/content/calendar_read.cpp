// Reading: content lines to components. Lines first (calendar_lines.h), then the components they open and close, then
// the properties of each event (calendar_event.h).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/content/calendar.h"
#include "models/content/calendar_event.h"
#include "models/content/calendar_lines.h"

namespace deadletter::content {
namespace {

using calendar::ContentLine;
using calendar::fold;
using calendar::Problems;
using calendar::quoted;
using calendar::trimmed;
using calendar::upper;

constexpr std::size_t kDeepest = 64;

struct Open {
  std::string name;
  std::size_t line;

  // For a reason: a name may be as long as its line.
  std::string shown() const { return name.size() > 40 || name.empty() ? quoted(name) : name; }
};

class CalendarReader {
 public:
  ReadCalendar read(std::string_view octets) {
    for (const ContentLine& line : content_lines(octets, problems_)) {
      if (refused_) break;
      if (over_)
        after(line);
      else
        take(line);
    }
    finish();
    if (refused_) calendar_.reset();
    return {std::move(calendar_), problems_.take()};
  }

 private:
  enum class In { nothing, calendar, event, zone, passed_over };
  In in() const {
    if (open_.empty()) return In::nothing;
    if (open_.size() == 1) return In::calendar;
    if (open_[1].name == "VTIMEZONE") return In::zone;
    return open_.size() == 2 && open_[1].name == "VEVENT" ? In::event : In::passed_over;
  }

  void take(const ContentLine& line) {
    std::string name = upper(line.name());
    if (name == "BEGIN") return begin(line, upper(trimmed(line.value())));
    if (name == "END") return end(line, upper(trimmed(line.value())));
    if (in() == In::nothing) before(line);
    if (in() == In::calendar) property(line, name);
    if (in() == In::event) event_.read(line, calendar_->events.back());
    if (in() == In::zone) zone_ += fold(line.text);
  }

  void begin(const ContentLine& line, std::string name) {
    if (name == "VCALENDAR" && calendar_) {
      problems_.add(line.line, fmt::format("VCALENDAR begins in the one of line {}", open_[0].line));
      finish();
      return after(line);
    }
    if (open_.empty() && name != "VCALENDAR") return before(line);
    if (open_.size() == kDeepest) {
      problems_.add(line.line, fmt::format("components nest deeper than {} levels: the object is refused", kDeepest));
      refused_ = true;
      return;
    }
    In outer = in();
    open_.push_back({std::move(name), line.line});
    if (in() == In::zone) {
      if (outer == In::calendar) zone_.clear(), zone_whole_ = true;
      zone_ += fold(line.text);
    } else if (outer == In::nothing) {
      calendar_.emplace();
    } else if (in() == In::event) {
      calendar_->events.emplace_back();
      event_.begin();
    } else if (outer != In::passed_over) {
      problems_.add(line.line, open_.back().shown() + " is passed over");
    }
  }

  void end(const ContentLine& line, const std::string& name) {
    if (in() == In::nothing) return before(line);
    auto opened = std::find_if(open_.rbegin(), open_.rend(), [&](const Open& o) { return o.name == name; });
    if (opened == open_.rend()) {
      problems_.add(line.line, fmt::format("END {} has no BEGIN", quoted(name)));
      zone_whole_ = false;
      return;
    }
    for (; open_.back().name != name; close()) unended();
    if (in() == In::zone) zone_ += fold(line.text);
    close();
    over_ = open_.empty();
  }

  // Leaves the innermost component.
  void close() {
    if (open_.size() == 2 && in() == In::zone) {
      if (zone_whole_)
        calendar_->zones.push_back(std::move(zone_));
      else
        problems_.add(open_.back().line, "VTIMEZONE is not whole: passed over");
      zone_.clear();
    }
    open_.pop_back();
  }

  void unended() {
    problems_.add(open_.back().line, fmt::format("{} has no END", open_.back().shown()));
    zone_whole_ = false;
  }

  void property(const ContentLine& line, const std::string& name) {
    auto once = [&](bool& seen) {
      if (seen)
        problems_.add(line.line, fmt::format("{} {} is not the first: passed over", name, quoted(line.value())));
      return !std::exchange(seen, true);
    };
    if (name == "METHOD") {
      if (once(method_seen_)) calendar_->method = upper(trimmed(line.value()));
    } else if (name == "PRODID") {
      if (once(product_seen_)) calendar_->product = unescape_text(line.value());
    } else if (name == "VERSION") {
      if (trimmed(line.value()) != "2.0")
        problems_.add(line.line, fmt::format("VERSION {} is read as if it were \"2.0\"", quoted(line.value())));
    } else {
      calendar_->others.push_back(
          {std::string(line.name()), std::string(line.parameters()), std::string(line.value())});
    }
  }

  void before(const ContentLine& line) {
    if (!std::exchange(before_told_, true))
      problems_.add(line.line, quoted(line.text) + " stands outside a VCALENDAR: passed over");
  }

  void after(const ContentLine& line) {
    if (upper(line.name()) != "BEGIN" || upper(trimmed(line.value())) != "VCALENDAR") return;
    if (more_++ == 0) second_line_ = line.line;
  }

  // Closes what is open at the end of the object.
  void finish() {
    for (; !open_.empty(); close()) unended();
    if (!std::exchange(over_, true) && !calendar_ && !refused_) problems_.add(0, "there is no BEGIN:VCALENDAR");
    if (more_ > 0)
      problems_.add(std::exchange(second_line_, 0),
                    fmt::format("{} more VCALENDAR in the stream: passed over, only the first is read", more_));
  }

  Problems problems_;
  std::optional<Calendar> calendar_;
  calendar::EventReader event_{problems_};
  std::vector<Open> open_;
  std::string zone_;
  bool zone_whole_ = false;
  bool method_seen_ = false, product_seen_ = false;
  bool refused_ = false, over_ = false, before_told_ = false;
  std::size_t more_ = 0, second_line_ = 0;
};

}  // namespace

ReadCalendar read_calendar(std::string_view octets) { return CalendarReader().read(octets); }

const std::string* Event::other(std::string_view name) const {
  std::string wanted = upper(name);
  auto found = std::ranges::find_if(others, [&](const OtherProperty& o) { return upper(o.name) == wanted; });
  return found == others.end() ? nullptr : &found->value;
}

}  // namespace deadletter::content
