// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"
#include "deploy/domain/endpoint_input.h"

#include <map>
#include <memory>
#include <string>

namespace tintype::runtime {

/// A revision as the runtime needs it; immutable and shared.
struct Revision {
    std::string id; ///< 40 hex digits
    domain::AppDefinition definition;
    std::map<std::string, domain::EndpointSchema> endpoints; ///< by path

    const domain::EndpointSchema* endpoint(const std::string& path) const
    {
        const auto found = endpoints.find(path);
        return found == endpoints.end() ? nullptr : &found->second;
    }
};

using RevisionPointer = std::shared_ptr<const Revision>;

} // namespace tintype::runtime
