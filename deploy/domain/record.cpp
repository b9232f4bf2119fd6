// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/record.h"

namespace tintype::domain {

std::string_view outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Success: return "success";
    case Outcome::UserError: return "user_error";
    case Outcome::Error: return "error";
    case Outcome::Cancelled: return "cancelled";
    }
    return "";
}

} // namespace tintype::domain
