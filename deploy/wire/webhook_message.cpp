// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/webhook_message.h"

#include "deploy/store/digest.h"

#include <array>
#include <fmt/format.h>

namespace tintype::wire {

std::string webhookBody(const domain::Record& record)
{
    const std::string id = http::jsonString(record.request.id);
    const bool isOk = record.outcome == domain::Outcome::Success;
    std::string body = fmt::format(R"({{"request_id":{},"gateway_request_id":{},"status":"{}","payload":{})", id, id,
        isOk ? "OK" : "ERROR", record.output.empty() ? "null" : record.output);
    if (!isOk)
        body += fmt::format(R"(,"error":{})", http::jsonString(record.error));
    return body + "}";
}

http::Headers webhookHeaders(
    const store::Vault& vault, const std::string& user, const std::string& request, TimePoint now, const std::string& body)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::string message = fmt::format("{}\n{}\n{}\n{}", request, user, seconds, store::sha256(body));
    return {{"X-Fal-Webhook-Request-Id", request}, {"X-Fal-Webhook-User-Id", user},
        {"X-Fal-Webhook-Timestamp", fmt::format("{}", seconds)}, {"X-Fal-Webhook-Signature", store::hexOf(vault.sign(message))}};
}

std::string jwks(const store::Vault& vault)
{
    return fmt::format(R"({{"keys":[{{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":"tintype-webhooks","x":"{}"}}]}})",
        store::base64Url(vault.publicKey()));
}

bool isPrivate(const QHostAddress& address)
{
    static const std::array<std::pair<QHostAddress, int>, 4> kPrivateNetworks{
        QHostAddress::parseSubnet(QStringLiteral("10.0.0.0/8")), QHostAddress::parseSubnet(QStringLiteral("172.16.0.0/12")),
        QHostAddress::parseSubnet(QStringLiteral("192.168.0.0/16")), QHostAddress::parseSubnet(QStringLiteral("100.64.0.0/10"))};
    bool isMapped = false;
    const QHostAddress v4(address.toIPv4Address(&isMapped)); // ::ffff:10.0.0.1 too
    const QHostAddress& plain = isMapped ? v4 : address;
    if (!plain.isGlobal() || plain.isUniqueLocalUnicast())
        return true;
    for (const auto& network : kPrivateNetworks) {
        if (isMapped && plain.isInSubnet(network))
            return true;
    }
    return false;
}

} // namespace tintype::wire
