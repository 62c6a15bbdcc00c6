// KB843242, told as stories.
#include <gtest/gtest.h>
