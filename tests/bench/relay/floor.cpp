// SPDX-License-Identifier: Apache-2.0
// floor.cpp - what a competent C++ programmer gets with no framework at all:
// a d-ary heap of 16-byte events, integer nanoseconds, a free-listed message
// pool, intrusive FIFO queues and exact integer processor sharing.
#include "tests/bench/relay/relay.h"
using namespace relay;

#ifndef ARITY
#define ARITY 4
#endif

namespace {

enum Type : u32 { kArrive, kProcessed, kConnected, kTransferred, kRetry };

struct Event {
  i64 time;
  u32 seq;   // ties run in the order they were scheduled
  u32 what;  // Type << 29 | index
  bool operator<(const Event& o) const { return time != o.time ? time < o.time : seq < o.seq; }
};

class Calendar {
  std::vector<Event> h_;

 public:
  bool empty() const { return h_.empty(); }
  void push(Event e) {
    size_t i = h_.size();
    h_.push_back(e);
    while (i) {
      size_t up = (i - 1) / ARITY;
      if (!(e < h_[up])) break;
      h_[i] = h_[up];
      i = up;
    }
    h_[i] = e;
  }
  Event pop() {
    Event top = h_[0], last = h_.back();
    h_.pop_back();
    size_t n = h_.size(), i = 0;
    if (!n) return top;
    for (;;) {
      size_t c = i * ARITY + 1, end = std::min(c + ARITY, n);
      if (c >= n) break;
      size_t best = c;
      while (++c < end)
        if (h_[c] < h_[best]) best = c;
      if (!(h_[best] < last)) break;
      h_[i] = h_[best];
      i = best;
    }
    h_[i] = last;
    return top;
  }
};

constexpr u32 kNone = ~0u;

struct Mail {
  u64 id;
  i64 submitted;
  u32 src, dst, at, size;
  u32 connector, next;  // next: FIFO link or free list
  u32 sessions;         // attempts made so far
  std::uint16_t hop, attempt;
  bool ndr;
};

struct Server {
  i64 cpu_free = 0;
  u32 sent = 0;
};

// A link shared equally by at most kSessions transfers.  Work is kept in units
// of 1/2520 ns (2520 = lcm 1..10), so the fair share is exact in integers.
struct Connector {
  i64 virt = 0, last = 0, free = 0;
  u32 due = kNone;  // seq of the valid completion event
  u32 head = kNone, tail = kNone;
  int sessions = 0, flows = 0;
  struct {
    i64 finish;
    u32 mail;
  } flow[kSessions];
};

class Relay {
  const Workload& w_;
  Stats& st_;
  Calendar cal_;
  std::vector<Mail> mail_;
  std::vector<Server> server_;
  std::vector<Connector> conn_;
  u32 free_ = kNone, seq_ = 0;
  i64 now_ = 0;

  u32 at(i64 t, Type type, u32 index) {
    cal_.push({t, seq_, type << 29 | index});
    return seq_++;
  }
  u32 alloc() {
    st_.born();
    if (free_ == kNone) {
      mail_.emplace_back();
      return mail_.size() - 1;
    }
    u32 m = free_;
    free_ = mail_[m].next;
    return m;
  }
  void finish(Outcome o, u32 i) {
    Mail& m = mail_[i];
    st_.done(o, m.id, m.ndr, m.hop, m.sessions, now_, m.submitted);
    m.next = free_;
    free_ = i;
  }

  void submit(u64 id, u32 src, u32 dst, u32 size, bool ndr) {
    u32 i = alloc();
    mail_[i] = {id, now_, src, dst, src, size, 0, kNone, 0, 0, 0, ndr};
    accept(i, src);
  }
  void user(u32 s) {
    u64 id = w_.id(s, server_[s].sent++);
    Draft d = w_.draft(id);
    submit(id, s, d.dst, d.size, false);
    if (server_[s].sent < w_.per_server) at(now_ + w_.gap(w_.id(s, server_[s].sent)), kArrive, s);
  }
  void accept(u32 i, u32 s) {  // FIFO single CPU, constant service
    mail_[i].at = s;
    i64& f = server_[s].cpu_free;
    f = std::max(now_, f) + kCpu;
    at(f, kProcessed, i);
  }
  void processed(u32 i) {
    Mail& m = mail_[i];
    if (m.at == m.dst) return finish(m.ndr ? kNdrDelivered : kDelivered, i);
    m.connector = w_.next_connector(m.at, m.dst);
    m.attempt = 0;
    enqueue(i);
  }
  void enqueue(u32 i) {
    Connector& c = conn_[mail_[i].connector];
    if (c.sessions < kSessions) return connect(c, i);
    mail_[i].next = kNone;
    (c.head == kNone ? c.head : mail_[c.tail].next) = i;
    c.tail = i;
  }
  void connect(Connector& c, u32 i) {
    ++c.sessions;
    ++st_.attempts;
    ++mail_[i].sessions;
    at(now_ + w_.handshake(mail_[i].connector), kConnected, i);
  }
  void release(Connector& c) {
    --c.sessions;
    if (c.head == kNone) return;
    u32 i = c.head;
    c.head = mail_[i].next;
    connect(c, i);
  }
  void connected(u32 i) {
    Mail& m = mail_[i];
    Connector& c = conn_[m.connector];
    if (w_.fails(w_.to(m.connector), m.id, m.ndr, m.hop, m.attempt)) {
      release(c);
      return failed(i);
    }
    i64 work = w_.wire_time(m.connector, m.size);
    if (w_.p.fifo_link) {
      c.free = std::max(now_, c.free) + work;
      at(c.free, kTransferred, i);
      return;
    }
    advance(c);
    c.flow[c.flows++] = {c.virt + work * 2520, i};
    plan(c, m.connector);
  }
  void advance(Connector& c) {
    if (c.flows) c.virt += (now_ - c.last) * (2520 / c.flows);
    c.last = now_;
  }
  void plan(Connector& c, u32 index) {
    if (!c.flows) {
      c.virt = 0;
      c.due = kNone;
      return;
    }
    i64 f = c.flow[0].finish;
    for (int k = 1; k < c.flows; ++k) f = std::min(f, c.flow[k].finish);
    i64 rate = 2520 / c.flows;
    c.due = at(now_ + std::max<i64>(0, (f - c.virt + rate - 1) / rate), kTransferred, index);
  }
  void shared_done(u32 index, u32 seq) {
    Connector& c = conn_[index];
    if (seq != c.due) return;  // superseded
    advance(c);
    u32 done[kSessions], n = 0;
    int keep = 0;
    for (int k = 0; k < c.flows; ++k) {
      if (c.flow[k].finish <= c.virt)
        done[n++] = c.flow[k].mail;
      else
        c.flow[keep++] = c.flow[k];
    }
    c.flows = keep;
    plan(c, index);
    for (u32 k = 0; k < n; ++k) transferred(done[k]);
  }
  void transferred(u32 i) {
    Mail& m = mail_[i];
    release(conn_[m.connector]);
    ++st_.hops;
    ++m.hop;
    accept(i, w_.to(m.connector));
  }
  void failed(u32 i) {
    Mail& m = mail_[i];
    i64 again = now_ + w_.retry_delay(m.attempt++);
    if (again <= m.submitted + kExpiry) {
      ++st_.retries;
      at(again, kRetry, i);
      return;
    }
    Mail dead = m;
    finish(m.ndr ? kDropped : kExpired, i);
    if (!dead.ndr) submit(dead.id, dead.at, dead.src, kNdrSize, true);
  }

 public:
  Relay(const Workload& w, Stats& st) : w_(w), st_(st), server_(w.S), conn_(w.connectors()) {
    for (u32 s = 0; s < w.S; ++s) at(w.gap(w.id(s, 0)), kArrive, s);
  }
  void run() {
    i64 until = (i64)std::min(w_.p.until * 1e9, 9e18);
    while (!cal_.empty()) {
      Event e = cal_.pop();
      if (e.time > until) break;
      now_ = e.time;
      ++st_.events;
      u32 index = e.what & ((1u << 29) - 1);
      switch (e.what >> 29) {
        case kArrive:
          user(index);
          break;
        case kProcessed:
          processed(index);
          break;
        case kConnected:
          connected(index);
          break;
        case kTransferred:
          w_.p.fifo_link ? transferred(index) : shared_done(index, e.seq);
          break;
        case kRetry:
          enqueue(index);
          break;
      }
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  Workload w(Params::parse(argc, argv));
  Stats st;
  Relay relay(w, st);
  st.built();
  relay.run();
  st.report((std::string("floor-heap") + std::to_string(ARITY) + (w.p.fifo_link ? "-fifo" : "")).c_str(), w);
}
