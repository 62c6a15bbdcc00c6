// SPDX-License-Identifier: Apache-2.0
// the engine-neutral definition of the 'relay' mail workload.
//
// Everything that decides *what work there is* lives here: topology, arrivals,
// sizes, failure draws, retry schedule, counters, hashes.  An engine only
// decides *when* things happen and pays for making them happen.  All draws are
// counter-based, keyed by (message, hop, attempt), so every engine meets the
// same failures whatever order its events run in: `outcome` must agree exactly.
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace relay {

using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

constexpr double kLanBps = 100e6, kWanBps = 10e6;           // bit/s
constexpr i64 kLanDelay = 100'000, kWanDelay = 20'000'000;  // one way, ns
constexpr int kRoundTrips = 4;                              // per SMTP session
constexpr i64 kCpu = 5'000'000;                             // ns per message per server
constexpr int kSessions = 10;                               // per connector
constexpr double kTransientFail = 0.02;
constexpr i64 kSecond = 1'000'000'000, kMinute = 60 * kSecond;
constexpr i64 kExpiry = 48 * 60 * kMinute;
constexpr u32 kNdrSize = 4096;

inline u64 mix(u64 x) {  // splitmix64 finaliser
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}
inline u64 draw(u64 seed, u64 stream, u64 counter) {
  constexpr u64 g = 0x9e3779b97f4a7c15ULL;
  return mix(mix(seed * g + stream) + counter * g);
}
inline double unit(u64 r) { return ((r >> 11) + 0.5) * 0x1p-53; }  // open (0,1)

struct Params {
  u64 messages = 10'000;
  u32 servers = 100;
  u64 seed = 1;
  double day = 8 * 3600.0;  // arrival window, s
  double until = 1e12;      // stop the clock early, s (memory runs)
  bool all_dead = false;    // every domain refuses mail (memory runs)
  bool fifo_link = false;   // engines offering both: serialise transfers

  static Params parse(int argc, char** argv) {
    Params p;
    for (int i = 1; i < argc; ++i) {
      std::string a = argv[i];
      auto val = [&](const char* k) -> const char* {
        size_t n = std::strlen(k);
        return a.compare(0, n, k) == 0 ? a.c_str() + n : nullptr;
      };
      if (auto v = val("--messages="))
        p.messages = std::strtoull(v, nullptr, 10);
      else if (auto v = val("--servers="))
        p.servers = std::strtoul(v, nullptr, 10);
      else if (auto v = val("--seed="))
        p.seed = std::strtoull(v, nullptr, 10);
      else if (auto v = val("--day="))
        p.day = std::atof(v);
      else if (auto v = val("--until="))
        p.until = std::atof(v);
      else if (a == "--all-dead")
        p.all_dead = true;
      else if (a == "--fifo-link")
        p.fifo_link = true;
    }
    return p;
  }
};

struct Draft {
  u32 dst, size;
};  // what a user submits

struct Workload {
  Params p;
  u32 S, R;
  std::vector<u32> group, head;  // server -> group, group -> bridgehead server
  u64 per_server;
  double mean_gap;

  explicit Workload(const Params& params)
      : p(params),
        S(p.servers),
        R(std::max(2u, (u32)std::lround(std::sqrt(S)))),
        group(S),
        head(R, ~0u),
        per_server(p.messages / S),
        mean_gap(p.day * S / p.messages) {
    for (u32 s = 0; s < S; ++s) {
      u32 g = group[s] = (u64)s * R / S;
      if (head[g] == ~0u) head[g] = s;
    }
  }
  bool is_head(u32 s) const { return head[group[s]] == s; }
  bool dead(u32 s) const { return p.all_dead ? !is_head(s) : s % 100 == 37; }

  // Connectors: s = up to the bridgehead, S+s = down to s, 2S+g*R+h = WAN g->h.
  u32 connectors() const { return 2 * S + R * R; }
  bool is_wan(u32 c) const { return c >= 2 * S; }
  bool exists(u32 c) const {
    if (is_wan(c)) return (c - 2 * S) / R != (c - 2 * S) % R;
    return !is_head(c % S);
  }
  u32 from(u32 c) const { return is_wan(c) ? head[(c - 2 * S) / R] : c < S ? c : head[group[c - S]]; }
  u32 to(u32 c) const { return is_wan(c) ? head[(c - 2 * S) % R] : c < S ? head[group[c]] : c - S; }
  u32 next_connector(u32 at, u32 dst) const {
    if (!is_head(at)) return at;
    u32 g = group[at], h = group[dst];
    return g == h ? S + dst : 2 * S + g * R + h;
  }
  double bps(u32 c) const { return is_wan(c) ? kWanBps : kLanBps; }
  i64 delay(u32 c) const { return is_wan(c) ? kWanDelay : kLanDelay; }
  i64 handshake(u32 c) const { return 2 * kRoundTrips * delay(c); }
  i64 wire_time(u32 c, u32 size) const { return std::llround(size * 8.0 * 1e9 / bps(c)); }

  // The k-th message of server s has id k*S+s; gaps are one stream per server.
  u64 id(u32 s, u64 k) const { return k * S + s; }
  i64 gap(u64 id) const { return std::llround(-std::log(unit(draw(p.seed, 1, id))) * mean_gap * 1e9); }
  Draft draft(u64 id) const {
    double r = std::sqrt(-2 * std::log(unit(draw(p.seed, 2, id))));
    double z = r * std::cos(2 * M_PI * unit(draw(p.seed, 3, id)));
    double size = 20000.0 * std::exp(1.5 * z);
    u32 dst = (u32)(((unsigned __int128)draw(p.seed, 4, id) * S) >> 64);
    return {dst, (u32)std::min(10e6, std::max(512.0, size))};
  }
  // Does this session attempt fail?  `hop`/`attempt` count from 0.
  bool fails(u32 to, u64 id, bool ndr, u32 hop, u32 attempt) const {
    if (dead(to)) return true;
    return unit(draw(p.seed + 77, id * 2 + ndr, ((u64)hop << 32) | attempt)) < kTransientFail;
  }
  static i64 retry_delay(u32 attempt) { return (attempt < 3 ? 10 : 15) * kMinute; }
};

// Log-linear histogram: 32 buckets per octave of nanoseconds (3 % resolution).
struct Histogram {
  std::vector<u64> bin = std::vector<u64>(64 * 32);
  u64 n = 0;
  static u32 index(u64 v) {
    if (v < 32) return v;
    int e = 63 - __builtin_clzll(v);
    return (e - 4) * 32 + ((v >> (e - 5)) & 31);
  }
  void add(u64 v) {
    ++bin[index(v)];
    ++n;
  }
  double quantile(double q) const {  // seconds
    u64 want = q * n, seen = 0;
    for (u32 i = 0; i < bin.size(); ++i)
      if ((seen += bin[i]) > want) {
        if (i < 32) return i * 1e-9;
        return (32.5 + i % 32) * std::ldexp(1.0, i / 32 - 1) * 1e-9;
      }
    return 0;
  }
};

// From /proc: unlike getrusage's maximum, not inherited across fork and exec.
inline long status_kb(const char* field) {
  long kb = -1;
  char line[256];
  if (FILE* f = std::fopen("/proc/self/status", "r")) {
    while (std::fgets(line, sizeof line, f))
      if (!std::strncmp(line, field, std::strlen(field))) kb = std::atol(line + std::strlen(field));
    std::fclose(f);
  }
  return kb;
}

enum Outcome { kDelivered, kNdrDelivered, kExpired, kDropped };

struct Stats {
  u64 count[4] = {}, attempts = 0, retries = 0, hops = 0, events = 0;
  u64 outcome = 0, trace = 0;
  i64 in_flight = 0, peak = 0;
  Histogram latency;
  std::chrono::steady_clock::time_point t0 = std::chrono::steady_clock::now(), t1 = t0;
  std::clock_t c1 = 0;

  void born() { peak = std::max(peak, ++in_flight); }
  // `sessions` = all attempts this message made.
  void done(Outcome o, u64 id, bool ndr, u32 hop, u32 sessions, i64 now, i64 submitted) {
    --in_flight;
    ++count[o];
    u64 key = mix(id * 8 + ndr * 4 + o);
    outcome += mix(key ^ ((u64)hop << 32 | sessions));
    trace = mix(trace ^ key) + (u64)now;
    if (o == kDelivered) latency.add(now - submitted);
  }
  void built() {
    t1 = std::chrono::steady_clock::now();
    c1 = std::clock();
  }
  void report(const char* name, const Workload& w) const {
    using sec = std::chrono::duration<double>;
    auto t2 = std::chrono::steady_clock::now();
    double setup = sec(t1 - t0).count(), run = sec(t2 - t1).count();
    double cpu = double(std::clock() - c1) / CLOCKS_PER_SEC;
    long peak_kb = status_kb("VmHWM:"), rss_kb = status_kb("VmRSS:");
    std::printf(
        "{\"engine\":\"%s\",\"M\":%llu,\"S\":%u,\"R\":%u,\"seed\":%llu,\"setup_s\":%.4f,\"run_s\":%.4f,"
        "\"cpu_s\":%.5f,\"rss_kb\":%ld,\"rss_now_kb\":%ld,\"delivered\":%llu,\"ndr\":%llu,\"ndr_delivered\":%llu,"
        "\"dropped\":%llu,"
        "\"attempts\":%llu,\"retries\":%llu,\"hops\":%llu,\"events\":%llu,\"in_flight\":%lld,\"peak\":%lld,"
        "\"p50\":%.4f,\"p95\":%.4f,\"p99\":%.4f,\"outcome\":\"%016llx\",\"trace\":\"%016llx\"}\n",
        name, (unsigned long long)w.p.messages, w.S, w.R, (unsigned long long)w.p.seed, setup, run, cpu, peak_kb,
        rss_kb, (unsigned long long)count[kDelivered], (unsigned long long)count[kExpired],
        (unsigned long long)count[kNdrDelivered], (unsigned long long)count[kDropped], (unsigned long long)attempts,
        (unsigned long long)retries, (unsigned long long)hops, (unsigned long long)events, (long long)in_flight,
        (long long)peak, latency.quantile(.5), latency.quantile(.95), latency.quantile(.99),
        (unsigned long long)outcome, (unsigned long long)trace);
  }
};

}  // namespace relay
