// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/sse_parser.h"

#include <utility>

namespace tintype::control {

std::vector<QByteArray> SseParser::feed(const QByteArray& bytes)
{
    std::vector<QByteArray> events;
    for (const char byte : bytes) {
        const bool completesCrLf = std::exchange(m_afterCr, byte == '\r') && byte == '\n';
        if (completesCrLf)
            continue;
        if (byte == '\r' || byte == '\n')
            endLine(events);
        else
            m_line.append(byte);
    }
    return events;
}

void SseParser::endLine(std::vector<QByteArray>& events)
{
    const QByteArray line = std::exchange(m_line, {});
    if (line.isEmpty()) { // the end of an event
        if (std::exchange(m_hasData, false))
            events.push_back(std::exchange(m_data, {}));
        return;
    }
    const qsizetype colon = line.indexOf(':');
    if (colon == 0 || (colon < 0 ? line : line.left(colon)) != "data")
        return;
    QByteArray value = colon < 0 ? QByteArray() : line.mid(colon + 1);
    if (value.startsWith(' '))
        value.remove(0, 1);
    if (std::exchange(m_hasData, true))
        m_data.append('\n');
    m_data.append(value);
}

} // namespace tintype::control
