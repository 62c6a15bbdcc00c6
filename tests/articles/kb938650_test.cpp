// KB938650, told as stories.
#include <gtest/gtest.h>
