// Lists that keep their memory between uses. What one list asks for may need another one of its kind while it is still
// being worked through, so each use borrows its own.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

namespace deadletter::experiments {

template <class List>
class Spare {
 public:
  class Loan {
   public:
    explicit Loan(Spare& from) : from_(from), list_(from.take()) {}
    ~Loan() {
      list_.clear();
      --from_.lent_;
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    List& operator*() { return list_; }

   private:
    Spare& from_;
    List& list_;
  };
  // Given back in the opposite order, as blocks end.
  Loan borrow() { return Loan(*this); }

 private:
  List& take() {
    if (lent_ == lists_.size()) add();
    return *lists_[lent_++];
  }
  [[gnu::noinline]] void add() { lists_.push_back(std::make_unique<List>()); }

  std::vector<std::unique_ptr<List>> lists_;
  std::size_t lent_ = 0;
};

}  // namespace deadletter::experiments
