#include "experiments/traffic/sizes.h"

namespace deadletter::traffic {
namespace {

constexpr std::uint32_t kBelow2002[] = {2353, 4917, 6760, 7958, 8536, 9047, 9330, 9574, 9724, 9849, 9996, 10000};

constexpr int kSizeCellBits = 12;
constexpr std::uint64_t kSizeCells = std::uint64_t{1} << kSizeCellBits, kSizeTail = 8;  // cells at either end
constexpr int kWithinSizeBits = 64 - kSizeCellBits;

}  // namespace

// Counted without a branch: which octave comes next is what nobody can guess.
std::uint64_t size_of_2002(std::uint64_t draw) {
  auto share = static_cast<std::uint32_t>((draw >> 32) % 10000);
  std::uint64_t within = draw & 0xffffffff;
  unsigned octave = 0;
  for (std::uint32_t below : kBelow2002) octave += share >= below;
  std::uint64_t to = std::uint64_t{2048} << octave, from = octave == 0 ? 512 : to / 2;
  return from + ((to - from) * within >> 32);
}

Sizes Sizes::log_normal(const sim::LogNormal& shape) {
  Sizes sizes;
  sizes.kind_ = Kind::log_normal;
  sizes.shape_ = shape;
  for (std::uint64_t i = 0; i < kSizeCells; ++i) sizes.octets_.push_back(sim::log_normal(shape, i << kWithinSizeBits));
  sizes.octets_.push_back(sim::log_normal(shape, ~std::uint64_t{0}));
  return sizes;
}

Sizes Sizes::table(const std::vector<Row>& rows) {
  Sizes sizes;
  sizes.kind_ = Kind::table;
  std::vector<std::uint64_t> weights;
  for (const Row& row : rows) {
    sizes.octets_.push_back(row.octets);
    weights.push_back(row.weight);
  }
  sizes.choice_ = Alias(weights);
  return sizes;
}

// The tails bend too much for a straight line between two quantiles.
std::uint64_t Sizes::quantile(std::uint64_t draw) const {
  std::uint64_t cell = draw >> kWithinSizeBits;
  if (cell < kSizeTail || cell >= kSizeCells - kSizeTail) return sim::log_normal(shape_, draw);
  std::uint64_t within = draw >> 20 & 0xffffffff, from = octets_[cell], to = octets_[cell + 1];
  return from + ((to - from) * within >> 32);
}

}  // namespace deadletter::traffic
