#include "roff.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

TEST(Roff, TakesNothingInATextForAnOrder) {
    EXPECT_EQ(roff_text("a\\b -- 'c' \"d\" ^~`"),
              "a\\eb \\-\\- \\(aqc\\(aq \\(dqd\\(dq \\(ha\\(ti\\(ga");
    Roff page("x", "y");
    page.paragraph(".SH NO");
    EXPECT_NE(page.text().find("\n\\&.SH NO\n"), std::string::npos) << page.text();
}

TEST(Roff, BeginsWithTheNameInCapitals) {
    EXPECT_EQ(Roff("coven-tail", "shows").text().find(".TH COVEN\\-TAIL 1 \""), 0u);
}

}  // namespace
}  // namespace coven::cli
