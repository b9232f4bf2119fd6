// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <vector>

namespace tintype::control {

/// Takes a text/event-stream apart as it comes, in pieces of any size. Only `data` is told; names, ids and comments
/// are passed over.
/// @source WHATWG HTML, "Interpreting an event stream"
class SseParser {
public:
    /// The data of each event that is complete now.
    std::vector<QByteArray> feed(const QByteArray& bytes);

    /// Bytes of an event that has not ended; more than kMaxEvent is nonsense that the caller breaks off.
    qsizetype pending() const { return m_line.size() + m_data.size(); }
    static constexpr qsizetype kMaxEvent = qsizetype{256} << 20;

private:
    void endLine(std::vector<QByteArray>& events);

    QByteArray m_line;
    QByteArray m_data;
    bool m_hasData = false;
    bool m_afterCr = false;
};

} // namespace tintype::control
