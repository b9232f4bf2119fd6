// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/icon_engine.h"
#include "ui/theme/style_sheet.h"
#include "ui/theme/system_scheme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QPalette>
#include <QSettings>
#include <QStyleFactory>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr auto kModeKey = "theme/mode";
constexpr std::array kModeNames{"system", "light", "dark"};

constexpr std::array kTokenNames{"window", "surface", "raised", "sunken", "border", "border-strong", "text", "text-muted",
    "text-disabled", "accent", "accent-hover", "accent-pressed", "on-accent", "accent-text", "hover", "selection", "on-selection",
    "focus", "success", "warning", "error", "info", "success-surface", "warning-surface", "error-surface", "info-surface", "chart-1",
    "chart-2", "chart-3", "chart-4", "chart-5", "chart-6", "heat-low", "heat-high", "editor-key", "editor-string", "editor-number",
    "editor-comment"};
static_assert(kTokenNames.size() == static_cast<std::size_t>(ColorToken::Count));

/// Relative luminance. @source WCAG 2.2, "relative luminance"
double luminance(const QColor& color)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

Theme::Mode modeFromName(const QString& name)
{
    const auto found = std::ranges::find(kModeNames, name.toStdString());
    return found == kModeNames.end() ? Theme::Mode::System : static_cast<Theme::Mode>(found - kModeNames.begin());
}

} // namespace

const char* tokenName(ColorToken token)
{
    return kTokenNames[static_cast<std::size_t>(token)];
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
    return (lighter + 0.05) / (darker + 0.05);
}

Theme::Theme(QApplication& application, QSettings& settings, QObject* parent)
    : QObject(parent)
    , m_application(application)
    , m_settings(settings)
    , m_mode(modeFromName(settings.value(QLatin1String(kModeKey)).toString()))
    , m_tokens(loadTokens())
    , m_scheme(std::make_unique<SystemScheme>(application.palette()))
    , m_bodySize(std::max(m_tokens.sizes.value(QStringLiteral("body")), QFontInfo(application.font()).pixelSize()))
{
    m_radius = m_tokens.sizes.value(QStringLiteral("radius"));
    m_rowHeight = m_tokens.sizes.value(QStringLiteral("row-height"));
    m_controlHeight = m_tokens.sizes.value(QStringLiteral("control-height"));
    m_iconSize = m_tokens.sizes.value(QStringLiteral("icon"));
    connect(m_scheme.get(), &SystemScheme::changed, this, [this] {
        if (m_mode == Mode::System)
            apply();
    });
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    apply();
}

Theme::~Theme() = default;

void Theme::setMode(Mode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    m_settings.setValue(QLatin1String(kModeKey), QLatin1String(kModeNames[static_cast<std::size_t>(mode)]));
    apply();
}

QFont Theme::font(TextStyle style) const
{
    static constexpr std::array names{"caption", "body", "body-strong", "title", "heading", "figure", "mono"};
    QFont font = style == TextStyle::Mono ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : m_application.font();
    const double factor = m_tokens.typeScale.value(QLatin1String(names[static_cast<std::size_t>(style)]), 1.0);
    font.setPixelSize(qRound(m_bodySize * factor));
    const bool isStrong = style == TextStyle::BodyStrong || style == TextStyle::Title || style == TextStyle::Heading
        || style == TextStyle::Figure;
    font.setWeight(isStrong ? QFont::DemiBold : QFont::Normal);
    return font;
}

QIcon Theme::icon(const QString& name, ColorToken token) const
{
    return QIcon(new IconEngine(*this, name, token)); // the icon owns its engine
}

void Theme::apply()
{
    m_isDark = m_mode == Mode::Dark || (m_mode == Mode::System && m_scheme->isDark());
    const auto& colors = m_isDark ? m_tokens.dark : m_tokens.light;
    for (std::size_t i = 0; i < m_colors.size(); ++i)
        m_colors[i] = colors.value(QLatin1String(kTokenNames[i]));

    QFont body = m_application.font();
    body.setPixelSize(m_bodySize);
    if (body != m_application.font())
        m_application.setFont(body); // each of these three walks over all widgets
    m_application.setPalette(palette());
    m_application.setStyleSheet(styleSheet(*this, m_tokens));
    Q_EMIT changed();
}

QPalette Theme::palette() const
{
    const auto of = [this](ColorToken token) { return color(token); };
    QPalette palette;
    const std::pair<QPalette::ColorRole, ColorToken> roles[] = {{QPalette::Window, ColorToken::Window},
        {QPalette::WindowText, ColorToken::Text}, {QPalette::Base, ColorToken::Sunken}, {QPalette::AlternateBase, ColorToken::Surface},
        {QPalette::Text, ColorToken::Text}, {QPalette::PlaceholderText, ColorToken::TextMuted}, {QPalette::Button, ColorToken::Raised},
        {QPalette::ButtonText, ColorToken::Text}, {QPalette::ToolTipBase, ColorToken::Raised}, {QPalette::ToolTipText, ColorToken::Text},
        {QPalette::Highlight, ColorToken::Selection}, {QPalette::HighlightedText, ColorToken::OnSelection},
        {QPalette::Link, ColorToken::AccentText}, {QPalette::LinkVisited, ColorToken::AccentText},
        {QPalette::BrightText, ColorToken::Error}, {QPalette::Light, ColorToken::Raised}, {QPalette::Midlight, ColorToken::Hover},
        {QPalette::Mid, ColorToken::Border}, {QPalette::Dark, ColorToken::BorderStrong}, {QPalette::Shadow, ColorToken::BorderStrong}};
    for (const auto& [role, token] : roles)
        palette.setColor(role, of(token));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, of(ColorToken::TextDisabled));
    return palette;
}

} // namespace tintype::ui
