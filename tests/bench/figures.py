"""The arithmetic of the benchmarks, and how numbers are written. Nothing here runs anything.

Medians, because a run that something else disturbed is only ever too long; intervals by the sign test, because nothing
is known of how the disturbance is distributed.
"""
import argparse
import math
import statistics


def summary(values):
    """The median of repeated measurements and how far they lie apart."""
    return {"median": statistics.median(values), "low": min(values), "high": max(values), "runs": list(values)}


def exponent(points):
    """Of y ~ n ** exponent, by least squares of the logarithms: (exponent, standard error).

    `points` are (n, y), both above 0, of at least two n. Two points lie on a line: then the error is None.
    """
    if any(n <= 0 or y <= 0 for n, y in points):
        raise ValueError("an exponent is fitted to what is above 0")
    xs, ys = [math.log(n) for n, _ in points], [math.log(y) for _, y in points]
    if len(set(xs)) < 2:
        raise ValueError("an exponent is fitted to at least two sizes")
    line = statistics.linear_regression(xs, ys)
    if len(points) == 2:
        return line.slope, None
    mean = statistics.fmean(xs)
    residue = sum((y - line.intercept - line.slope * x) ** 2 for x, y in zip(xs, ys))
    return line.slope, math.sqrt(residue / (len(points) - 2) / sum((x - mean) ** 2 for x in xs))


def median_interval(values, confidence=0.95):
    """An interval for the median of what `values` were drawn from: (low, high, how sure).

    Between the k-th smallest and the k-th largest value, for the largest k that is sure enough by the sign test. With
    fewer than six values none is sure to 95 %: then from the smallest to the largest, and the third number says so.
    """
    ordered, n = sorted(values), len(values)
    if n == 0:
        raise ValueError("an interval is made of at least one value")
    cut, outside = 1, 2 / 2**n
    while 2 * cut < n:
        further = outside + 2 * math.comb(n, cut) / 2**n
        if 1 - further < confidence:
            break
        cut, outside = cut + 1, further
    return ordered[cut - 1], ordered[n - cut], max(0.0, 1 - outside)


def each(small, large):
    """What one more costs, from (how many, cost in all) at two sizes: what does not depend on the size falls out."""
    if large[0] <= small[0]:
        raise ValueError("the second size must be the larger one")
    return (large[1] - small[1]) / (large[0] - small[0])


def apart(value, base):
    """How far a count is from another one, as a share of it; 0 is not far from 0, and anything else is far from it."""
    if base == 0:
        return 0.0 if value == 0 else math.inf
    return abs(value - base) / abs(base)


def size(text):
    """A number of messages as people write it: 10000, "10_000", "10k", "1M"."""
    digits, factor = text.replace("_", "").replace(",", ""), 1
    for unit, times in (("k", 1_000), ("M", 1_000_000)):
        if digits.endswith(unit):
            digits, factor = digits[:-1], times
    if not digits.isdecimal() or not 1_000 <= int(digits) * factor <= 100_000_000:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1k to 100M, such as 10000, 100k or 1M")
    return int(digits) * factor


def number(value):
    return f"{value:,.0f}"


def percent(ratio):
    """A ratio as a change: 1.013 is "+1.3 %"."""
    return f"{100 * (ratio - 1):+.1f} %"


def table(heads, rows):
    """Lines of a table; the first column and those whose head begins with "<" stand left, the others right."""
    left = [i == 0 or head.startswith("<") for i, head in enumerate(heads)]
    cells = [[head.lstrip("<") for head in heads]] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    return ["  ".join(c.ljust(w) if l else c.rjust(w) for c, w, l in zip(row, widths, left)).rstrip() for row in cells]
