// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/error_banner.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QStyle>
#include <QToolButton>
#include <array>

namespace tintype::ui {
namespace {

struct Look {
    const char* name; ///< in the style sheet
    const char* icon;
    ColorToken token;
};

constexpr std::array kLooks{Look{"info", "dialog-information", ColorToken::Info}, Look{"warning", "dialog-warning", ColorToken::Warning},
    Look{"error", "dialog-error", ColorToken::Error}};
constexpr int kDetailLines = 6;

} // namespace

ErrorBanner::ErrorBanner(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_icon(new QLabel)
    , m_sentence(new QLabel)
    , m_details(new QPlainTextEdit)
    , m_more(new QToolButton)
    , m_action(new QToolButton)
{
    setProperty("role", QStringLiteral("banner"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_sentence->setFocusPolicy(Qt::NoFocus);
    m_more->setText(tr("Details"));
    m_more->setCheckable(true);
    m_action->setProperty("role", QStringLiteral("button"));
    auto* const copy = new QToolButton;
    copy->setIcon(theme.icon(QStringLiteral("edit-copy")));
    copy->setToolTip(tr("Copy the message and its details"));
    auto* const close = new QToolButton;
    close->setIcon(theme.icon(QStringLiteral("window-close")));
    close->setToolTip(tr("Dismiss"));

    auto* const row = new QHBoxLayout;
    row->setSpacing(Theme::space(2));
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_sentence, 1);
    row->addWidget(m_more);
    row->addWidget(m_action);
    row->addWidget(copy);
    row->addWidget(close);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(2), Theme::space(2));
    column->setSpacing(Theme::space(2));
    column->addLayout(row);
    column->addWidget(m_details);

    m_details->setReadOnly(true);
    m_details->setFont(theme.font(TextStyle::Mono));
    m_details->setFixedHeight(m_details->fontMetrics().lineSpacing() * kDetailLines + Theme::space(3));
    connect(m_more, &QToolButton::toggled, m_details, &QWidget::setVisible);
    connect(m_action, &QToolButton::clicked, this, [this] {
        if (m_run)
            m_run();
    });
    connect(copy, &QToolButton::clicked, this, [this] {
        const QString details = m_details->toPlainText();
        QGuiApplication::clipboard()->setText(m_sentence->text() + (details.isEmpty() ? QString() : QString(QLatin1Char('\n') + details)));
    });
    connect(close, &QToolButton::clicked, this, [this] {
        clear();
        Q_EMIT dismissed();
    });
    clear();
}

void ErrorBanner::showError(const Error& error)
{
    showMessage(Severity::Error, qs(error.message), qs(error.detail));
}

void ErrorBanner::showMessage(Severity severity, const QString& sentence, const QString& details)
{
    m_severity = severity;
    QString text = sentence;
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    m_sentence->setText(text);
    m_details->setPlainText(details);
    m_more->setVisible(!details.isEmpty());
    m_more->setChecked(false);
    m_details->setVisible(false);
    m_action->setVisible(false);
    m_run = {};
    restyle();
    setVisible(true);
}

void ErrorBanner::setAction(const QString& text, std::function<void()> run)
{
    m_action->setText(text);
    m_action->setVisible(true);
    m_run = std::move(run);
}

void ErrorBanner::clear()
{
    m_run = {};
    setVisible(false);
}

void ErrorBanner::restyle()
{
    const Look& look = kLooks[static_cast<std::size_t>(m_severity)];
    setProperty("severity", QLatin1String(look.name));
    m_icon->setPixmap(m_theme.icon(QLatin1String(look.icon), look.token).pixmap(m_theme.iconSize()));
    style()->unpolish(this);
    style()->polish(this);
}

} // namespace tintype::ui
