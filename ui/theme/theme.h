// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <array>
#include <memory>

class QApplication;
class QPalette;
class QSettings;

namespace tintype::ui {

class SystemScheme;

/// Every colour of the studio, by what it is for; `resources/theme/tokens.json` has the values of each theme.
enum class ColorToken {
    Window,        ///< behind everything
    Surface,       ///< pages, panels
    Raised,        ///< buttons, headers, sheets
    Sunken,        ///< inputs, editors, picture backgrounds
    Border,        ///< between areas
    BorderStrong,  ///< around inputs and buttons
    Text,
    TextMuted,     ///< labels, units, secondary columns: still 4.5:1 on Window, Surface, Raised and Sunken
    TextDisabled,
    Accent,        ///< fill of the primary action, selected marks, progress
    AccentHover,
    AccentPressed,
    OnAccent,      ///< text on Accent
    AccentText,    ///< links and emphasised text on Surface
    Hover,         ///< row or flat button under the mouse
    Selection,     ///< selected row
    OnSelection,   ///< text on Selection
    Focus,         ///< focus ring
    Success, Warning, Error, Info,                             ///< text and marks on Surface
    SuccessSurface, WarningSurface, ErrorSurface, InfoSurface, ///< backgrounds of banners; Text is readable on them
    Chart1, Chart2, Chart3, Chart4, Chart5, Chart6,            ///< series, told apart by colour-blind people too
    HeatLow, HeatHigh,                                         ///< ends of the heat map's scale (none = Sunken)
    EditorKey, EditorString, EditorNumber, EditorComment,
    Count
};

/// The one type scale.
enum class TextStyle { Caption, Body, BodyStrong, Title, Heading, Figure, Mono };

/// The studio's looks, in one place: tokens → palette, style sheet, icons. Pages name no colour and no size; widgets that paint ask
/// here, and repaint on changed(). GUI thread.
class Theme : public QObject {
    Q_OBJECT

public:
    enum class Mode { System, Light, Dark };

    /// Reads the tokens, follows the mode that the settings keep ("theme/mode"), and dresses the application.
    Theme(QApplication& application, QSettings& settings, QObject* parent = nullptr);
    ~Theme() override;

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    bool isDark() const { return m_isDark; }

    QColor color(ColorToken token) const { return m_colors[static_cast<std::size_t>(token)]; }
    QFont font(TextStyle style) const; ///< tabular figures in every style

    /// Lengths in device-independent pixels: the 4 px grid.
    static constexpr int space(int steps) { return steps * kGrid; }
    int radius() const { return m_radius; }
    int rowHeight() const { return m_rowHeight; }         ///< of tables and lists
    int controlHeight() const { return m_controlHeight; } ///< of buttons and inputs
    int iconSize() const { return m_iconSize; }

    /// A Breeze icon ("media-playback-start") in the theme's text colour, or in `token`; it follows a change of theme by itself and
    /// is sharp at any scale. The name must stand in resources/icons.txt.
    QIcon icon(const QString& name, ColorToken token = ColorToken::Text) const;

Q_SIGNALS:
    void changed();

private:
    static constexpr int kGrid = 4;

    void apply();
    QPalette palette() const;

    QApplication& m_application;
    QSettings& m_settings;
    Mode m_mode = Mode::System;
    bool m_isDark = false;
    const Tokens m_tokens;
    const std::unique_ptr<SystemScheme> m_scheme;
    std::array<QColor, static_cast<std::size_t>(ColorToken::Count)> m_colors;
    const int m_bodySize;
    int m_radius = 0;
    int m_rowHeight = 0;
    int m_controlHeight = 0;
    int m_iconSize = 0;
};

/// "TextMuted" → as tokens.json names it ("text-muted").
const char* tokenName(ColorToken token);

/// WCAG 2.2 contrast ratio of two opaque colours, 1..21.
double contrastRatio(const QColor& a, const QColor& b);

} // namespace tintype::ui
