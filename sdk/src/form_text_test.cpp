#include "form_text.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(FormText, EncodesAllThatIsNotPlain) {
    EXPECT_EQ(form_text({}), "");
    EXPECT_EQ(form_text({{"scopes", "chat:read chat:edit"}, {"a&b", "ü=1+%"}}),
              "scopes=chat%3Aread%20chat%3Aedit&a%26b=%C3%BC%3D1%2B%25");
    EXPECT_EQ(form_text({{"id", "1"}, {"id", "2"}}), "id=1&id=2");
    EXPECT_EQ(form_text({{"plain", "aZ09-._~"}}), "plain=aZ09-._~");
    EXPECT_EQ(form_text({{"zero", std::string("\0\r\n", 3)}}), "zero=%00%0D%0A");
}

TEST(FormText, HasItsSecretsAtTheEnd) {
    const auto form = form_text({{"client_id", "x"}}, {{"refresh_token", Secret("a/b")}});
    EXPECT_EQ(form.reveal(), "client_id=x&refresh_token=a%2Fb");
    EXPECT_EQ(form_text({}, {{"token", Secret("t")}}).reveal(), "token=t");
}

}  // namespace
}  // namespace coven
