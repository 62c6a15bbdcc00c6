// Who a message in a queue is for: recipients and, parallel to them, their addresses. Nearly always one, which needs no
// memory of its own.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <utility>

#include "models/mail/address.h"
#include "models/mail/ids.h"

namespace deadletter::transport {

class Addressees {
 public:
  Addressees() = default;
  Addressees(const Addressees& o) {
    for (std::size_t i = 0; i < o.size(); ++i) add(o.recipient(i), o.address(i));
  }
  Addressees(Addressees&& o) noexcept
      : size_(std::exchange(o.size_, 0)), capacity_(std::exchange(o.capacity_, 1)), place_(o.place_) {}
  Addressees& operator=(Addressees o) noexcept {
    std::swap(size_, o.size_), std::swap(capacity_, o.capacity_), std::swap(place_, o.place_);
    return *this;
  }
  ~Addressees() {
    if (outside()) ::operator delete(place_.outside);
  }

  void add(mail::RecipientId recipient, mail::AddressId address) {
    if (size_ == capacity_) grow();
    recipients_here()[size_] = recipient;
    addresses_here()[size_++] = address;
  }
  void erase(std::size_t index) {
    auto out = [&](auto* list) { std::copy(list + index + 1, list + size_, list + index); };
    out(recipients_here()), out(addresses_here());
    --size_;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  mail::RecipientId recipient(std::size_t i) const { return recipients()[i]; }
  mail::AddressId address(std::size_t i) const { return addresses()[i]; }
  std::span<const mail::RecipientId> recipients() const {
    return {outside() ? recipients_of(place_.outside, capacity_) : &place_.inside.recipient, size_};
  }
  std::span<const mail::AddressId> addresses() const {
    return {outside() ? addresses_of(place_.outside) : &place_.inside.address, size_};
  }

 private:
  struct One {
    mail::AddressId address{};
    mail::RecipientId recipient{};
  };
  union Place {
    Place() : inside() {}
    One inside;
    void* outside;  // `capacity_` addresses and as many recipients
  };

  static mail::AddressId* addresses_of(void* piece) { return static_cast<mail::AddressId*>(piece); }
  static mail::RecipientId* recipients_of(void* piece, std::uint32_t capacity) {
    return reinterpret_cast<mail::RecipientId*>(addresses_of(piece) + capacity);
  }
  bool outside() const { return capacity_ > 1; }
  mail::AddressId* addresses_here() { return outside() ? addresses_of(place_.outside) : &place_.inside.address; }
  mail::RecipientId* recipients_here() {
    return outside() ? recipients_of(place_.outside, capacity_) : &place_.inside.recipient;
  }
  void grow() {
    const std::uint32_t more = 2 * capacity_;
    void* piece = ::operator new(sizeof(One) * more);
    std::ranges::copy(addresses(), addresses_of(piece));
    std::ranges::copy(recipients(), recipients_of(piece, more));
    if (outside()) ::operator delete(place_.outside);
    place_.outside = piece;
    capacity_ = more;
  }

  std::uint32_t size_ = 0, capacity_ = 1;
  Place place_;
};

}  // namespace deadletter::transport
