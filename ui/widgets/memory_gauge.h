// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVector>
#include <QWidget>
#include <cstdint>

namespace tintype::ui {

class Theme;

/// A bar of memory with one part for each app that holds some; hovering tells who.
class MemoryGauge : public QWidget {
    Q_OBJECT

public:
    struct Part {
        QString app;
        std::uint64_t bytes = 0;

        bool operator==(const Part&) const = default;
    };

    explicit MemoryGauge(const Theme& theme, QWidget* parent = nullptr);

    /// @param total of the machine; 0 = not known
    void setMemory(std::uint64_t total, QVector<Part> parts);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString text() const;

    const Theme& m_theme;
    std::uint64_t m_total = 0;
    std::uint64_t m_used = 0;
    QVector<Part> m_parts;
};

} // namespace tintype::ui
