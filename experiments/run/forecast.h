// What a run will cost, said before it begins: memory, disk and processor time, from its plan alone.
//
// Meant to be right within a factor of 2 for memory and disk and of 3 for time, where mail mostly arrives. NOT KNOWN
// beforehand: how much mail will fail, and so how often it is tried again and reported; how far a message goes, of
// which the number of servers is all that is looked at; and how fast the machine is beside the one where the figures
// were measured. A run that is one long failure costs more than what is said here.
#pragma once
#include <cstdint>

#include "experiments/config/plan.h"
#include "experiments/run/record_level.h"

namespace deadletter::experiments {

// What one more of each costs: octets, and microseconds of one core. Measured by tests/bench/calibrate.py on the
// workload `relay` and a trace; it prints these figures anew. What it finds too small to be seen is not here.
struct Costs {
  // Memory, at the peak of the whole process.
  double program = 50e6, server = 28e3, mailbox = 160;
  double directory_mailbox = 600;  // beyond that, where there is a directory: working_day, queues and all
  double planned_mail = 230, planned_recipient = 40;  // of a trace, or written down
  double waiting = 200;                               // a message in a queue, at any level
  double message = 48, recipient = 48;                // at level messages and above, as long as the run goes on
  double table_cache = 30e6;                          // there, too: what the tables take, or this when they are larger
  double message_events = 700;                        // at level events
  // Disk.
  double run_file = 6300, server_in_run_file = 130;
  double message_row = 70, recipient_row = 64, report_file = 1700;  // at level messages and above
  double message_lines = 1000, recipient_lines = 2300;              // at level events
  // Time.
  double server_pair_us = 0.05;  // seen from thousands of servers on: what each has at hand for others is not
  double message_us = 1, recipient_us = 0.4;
  double directory_message_us = 6;  // where there is a directory: working_day, ten million messages
  double message_row_us = 1, recipient_row_us = 1, report_file_us = 150;
  double recipient_lines_us = 28;
  // A message from one server to the next; what it adds to logs and tables at level events.
  struct Hop {
    double us, lines, lines_us;
  };
  Hop dialogue{.us = 4.2, .lines = 6100, .lines_us = 105}, session{.us = 1, .lines = 1900, .lines_us = 65};
};

struct Forecast {
  std::uint64_t messages = 0, recipients = 0;
  std::uint64_t memory = 0, disk = 0;  // octets
  double cpu_s = 0;                    // of the run itself, without reading files and building the organization
};

Forecast forecast(const Plan& plan, RecordLevel level, const Costs& costs = {});

}  // namespace deadletter::experiments
