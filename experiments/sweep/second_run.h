// A cell a second time, in a process whose memory lies elsewhere and is handed out otherwise: what depends on addresses
// or on memory that nobody wrote comes out differently.
//
// The process is this program anew, with personality(2) ADDR_NO_RANDOMIZE and ADDR_COMPAT_LAYOUT (maps grow upwards
// instead of downwards), and an allocator of glibc that fills what it hands out, keeps no small pieces in reserve and
// maps pieces from 64 KiB on (GLIBC_TUNABLES). Where personality(2) is not allowed, chance alone moves the addresses.
#pragma once
#include <cstdint>
#include <string>

#include "experiments/sweep/run_cell.h"

namespace deadletter::experiments {

// Compares the draft of the cell with what a second run leaves, octet for octet. When they differ, both run once more
// with every event recorded, and standard error names the first record that differs. kCellDone: they are alike.
CellStatus run_again(const Sweep& sweep, const SweepCell& cell, const SweepFolder& folder);

// The first file that is not the same in both folders, by its name; empty when there is none.
std::string first_difference(const std::string& folder, const std::string& other);

// The first line in which two transcripts differ, in sentences; empty when none does.
std::string first_record(const std::string& transcript, const std::string& other);

// The named bug that a test injects: with DEADLETTER_INJECTED_BUG=seed-from-address a run's seed depends on where its
// memory lies. 0 without it.
std::uint64_t injected_difference();

}  // namespace deadletter::experiments
