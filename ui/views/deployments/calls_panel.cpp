// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/calls_panel.h"

#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QUrl>

namespace tintype::ui {
namespace {

constexpr int kCurlLines = 7;

void copy(const QString& text) { QGuiApplication::clipboard()->setText(text); }

} // namespace

CallsPanel::CallsPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_urls(new QWidget)
    , m_curl(new QPlainTextEdit)
    , m_copyWithKey(new QPushButton(tr("Copy with key")))
{
    m_curl->setReadOnly(true);
    m_curl->setTabChangesFocus(true);
    m_curl->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_curl->setAccessibleName(tr("curl line"));
    const auto dress = [this] {
        m_curl->setFont(m_studio.theme.font(TextStyle::Mono));
        m_curl->setFixedHeight(QFontMetrics(m_curl->font()).lineSpacing() * kCurlLines + Theme::space(4));
    };
    connect(&studio.theme, &Theme::changed, this, dress);
    dress();
    auto* const copyCurl = new QPushButton(studio.theme.icon(QStringLiteral("edit-copy")), tr("Copy"));
    auto* const play = new QPushButton(tr("Open in playground"));
    m_copyWithKey->setToolTip(tr("The key of this host stands in the line in place of $TINTYPE_KEY"));

    auto* const buttons = new QHBoxLayout;
    buttons->addWidget(copyCurl);
    buttons->addWidget(m_copyWithKey);
    buttons->addStretch(1);
    buttons->addWidget(play);
    auto* const title = new QLabel(tr("Call it from a shell"));
    title->setProperty("role", QStringLiteral("title"));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(4), Theme::space(3), Theme::space(4), Theme::space(3));
    column->setSpacing(Theme::space(3));
    column->addWidget(m_urls);
    column->addWidget(title);
    column->addWidget(m_curl);
    column->addLayout(buttons);
    column->addStretch(1);

    connect(copyCurl, &QPushButton::clicked, this, [this] { copy(curl(CurlKey::Variable)); });
    connect(m_copyWithKey, &QPushButton::clicked, this, [this] { copy(curl(CurlKey::Shown)); });
    connect(play, &QPushButton::clicked, this, &CallsPanel::openPlayground);
    connect(&m_trust, &TrustProbe::changed, this, &CallsPanel::showCurl);
}

void CallsPanel::setApp(Target* target, const control::AppInfo& app)
{
    const bool isOther = target != m_target;
    const bool isSame = !isOther && app.name == m_app.name && app.urls == m_app.urls && app.auth == m_app.auth;
    m_target = target;
    m_app = app;
    if (isSame)
        return;
    if (isOther && target)
        m_trust.ask(target->address());
    showUrls();
    showCurl();
}

void CallsPanel::addRow(QGridLayout& grid, int row, const QString& name, const QString& url)
{
    auto* const label = new QLabel(name);
    label->setProperty("role", QStringLiteral("muted"));
    auto* const field = new QLineEdit(url);
    field->setReadOnly(true);
    field->setCursorPosition(0);
    field->setAccessibleName(name);
    auto* const button = new QToolButton;
    button->setIcon(m_studio.theme.icon(QStringLiteral("edit-copy")));
    button->setToolTip(tr("Copy this address"));
    connect(button, &QToolButton::clicked, this, [url] { copy(url); });
    grid.addWidget(label, row, 0);
    grid.addWidget(field, row, 1);
    grid.addWidget(button, row, 2);
}

void CallsPanel::showUrls()
{
    qDeleteAll(m_urls->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    delete m_urls->layout();
    auto* const grid = new QGridLayout(m_urls);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Theme::space(3));
    grid->setVerticalSpacing(Theme::space(2));
    int row = 0;
    for (const auto& [name, url] : m_app.urls)
        addRow(*grid, row++, qs(name), qs(url));
    if (row == 0)
        grid->addWidget(new QLabel(tr("The host tells no address yet: the first revision is still starting.")), 0, 0);
}

QString CallsPanel::curl(CurlKey key) const
{
    const auto run = m_app.urls.find("run");
    if (run == m_app.urls.end() || !m_target)
        return {};
    return curlLine(qs(run->second), m_app, m_target->address(), m_trust.trust(), key);
}

void CallsPanel::showCurl()
{
    m_curl->setPlainText(curl(CurlKey::Variable));
    m_copyWithKey->setVisible(m_target && !m_target->address().key.empty() && m_app.auth != domain::AuthMode::Public);
}

void CallsPanel::openPlayground()
{
    if (!m_target)
        return;
    m_studio.targets.setCurrent(m_target);
    Generation call;
    call.target = m_target->name();
    call.app = qs(m_app.name);
    call.endpoint = m_app.endpoints.empty() ? QStringLiteral("/") : qs(m_app.endpoints.front());
    call.revision = qs(m_app.revision);
    m_studio.navigator.replay(call);
}

} // namespace tintype::ui
