// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/host_class.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tintype::wire {
namespace {

constexpr std::array<std::pair<std::string_view, HostClass>, 8> kFalHosts{{{"fal.run", HostClass::Run},
    {"queue.fal.run", HostClass::Queue}, {"ws.fal.run", HostClass::Websocket}, {"rest.fal.ai", HostClass::Rest},
    {"rest.alpha.fal.ai", HostClass::Rest}, {"v3.fal.media", HostClass::Rest}, {"v3b.fal.media", HostClass::Rest},
    {"fal.media", HostClass::Rest}}};

constexpr std::array<std::pair<std::string_view, HostClass>, 5> kPrefixes{{{"run.", HostClass::Run}, {"queue.", HostClass::Queue},
    {"rest.", HostClass::Rest}, {"cdn.", HostClass::Rest}, {"ws.", HostClass::Websocket}}};

std::string withoutPort(std::string_view host)
{
    if (!host.starts_with('['))
        host = host.substr(0, host.find(':'));
    std::string name(host);
    std::ranges::transform(name, name.begin(), [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
    return name;
}

std::optional<HostClass> falHost(std::string_view name)
{
    const auto found = std::ranges::find(kFalHosts, name, &std::pair<std::string_view, HostClass>::first);
    return found == kFalHosts.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

HostClass classify(std::string_view listener, std::string_view host)
{
    if (listener == "run")
        return HostClass::Run;
    if (listener == "queue")
        return HostClass::Queue;
    if (listener == "rest")
        return HostClass::Rest;
    const std::string name = withoutPort(host);
    if (const auto known = falHost(name))
        return *known;
    for (const auto& [prefix, hostClass] : kPrefixes) {
        if (name.starts_with(prefix))
            return hostClass;
    }
    return HostClass::Local;
}

std::optional<Target> parseTarget(std::string_view url)
{
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!url.starts_with(scheme))
            continue;
        url.remove_prefix(scheme.size());
        const auto end = std::min(url.find_first_of("/?#"), url.size());
        const auto hostClass = falHost(withoutPort(url.substr(0, end)));
        if (!hostClass)
            return std::nullopt;
        url = url.substr(end);
        url = url.substr(0, url.find('#'));
        const auto question = url.find('?');
        Target target{*hostClass, std::string(url.substr(0, question)), {}};
        if (question != std::string_view::npos)
            target.query = url.substr(question + 1);
        if (target.path.empty())
            target.path = "/";
        return target;
    }
    return std::nullopt;
}

} // namespace tintype::wire
