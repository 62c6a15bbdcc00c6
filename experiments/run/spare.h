// Lists that keep their memory between uses. What one list asks for may need another one of its kind while it is still
// being worked through, so each use borrows its own.
#pragma once
#include <utility>
#include <vector>

namespace deadletter::experiments {

template <class List>
class Spare {
 public:
  class Loan {
   public:
    explicit Loan(Spare& from) : from_(from) {
      if (from.lists_.empty()) return;
      list_ = std::move(from.lists_.back());
      from.lists_.pop_back();
    }
    ~Loan() {
      list_.clear();
      from_.lists_.push_back(std::move(list_));
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    List& operator*() { return list_; }

   private:
    Spare& from_;
    List list_;
  };
  Loan borrow() { return Loan(*this); }

 private:
  std::vector<List> lists_;
};

}  // namespace deadletter::experiments
