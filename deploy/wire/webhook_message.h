// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/record.h"
#include "deploy/http/message.h"
#include "deploy/store/vault.h"

#include <QHostAddress>
#include <string>

namespace tintype::wire {

/// What a webhook is told about a finished request (fal.md 1.8), as JSON.
std::string webhookBody(const domain::Record& record);

/// The headers by which a receiver knows that this host sent it. What is signed, with Ed25519: request, user, seconds since
/// 1970 and the hex SHA-256 of the body, a line each.
http::Headers webhookHeaders(
    const store::Vault& vault, const std::string& user, const std::string& request, TimePoint now, const std::string& body);

/// The public key of these signatures as a JSON Web Key Set.
std::string jwks(const store::Vault& vault);

/// Whether an address is of this machine or a private network, or none that one can call.
bool isPrivate(const QHostAddress& address);

} // namespace tintype::wire
