// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/requests/result_pictures.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/picture_view.h"

#include <QLabel>
#include <QStackedLayout>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr qint64 kMostBytes = 64LL << 20;

QToolButton* arrow(const Theme& theme, const QString& icon, const QString& text)
{
    auto* const button = new QToolButton;
    button->setIcon(theme.icon(icon));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

ResultPictures::ResultPictures(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_loader(kMostBytes)
    , m_view(new PictureView(theme))
    , m_sentence(new QLabel)
    , m_pager(new QWidget)
    , m_place(new QLabel)
    , m_previous(arrow(theme, QStringLiteral("go-previous"), tr("Previous picture")))
    , m_next(arrow(theme, QStringLiteral("go-next"), tr("Next picture")))
{
    m_sentence->setProperty("role", QStringLiteral("muted"));
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_sentence);
    auto* const pages = new QHBoxLayout(m_pager);
    pages->setContentsMargins(0, 0, 0, 0);
    pages->addStretch(1);
    pages->addWidget(m_previous);
    pages->addWidget(m_place);
    pages->addWidget(m_next);
    pages->addStretch(1);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(1));
    column->addLayout(m_stack, 1);
    column->addWidget(m_pager);
    connect(m_previous, &QToolButton::clicked, this, [this] { showPicture(m_index - 1); });
    connect(m_next, &QToolButton::clicked, this, [this] { showPicture(m_index + 1); });
}

void ResultPictures::setPictures(Target* target, const QStringList& urls)
{
    if (target == m_target && urls == m_urls)
        return;
    m_target = target;
    m_urls = urls;
    m_pager->setVisible(urls.size() > 1);
    m_view->clear();
    if (urls.isEmpty())
        say(tr("The result has no picture."));
    else
        showPicture(0);
}

void ResultPictures::say(const QString& sentence)
{
    m_sentence->setText(sentence);
    m_stack->setCurrentWidget(m_sentence);
}

void ResultPictures::showPicture(int index)
{
    m_index = index;
    m_place->setText(tr("%1 of %2").arg(index + 1).arg(m_urls.size()));
    m_previous->setEnabled(index > 0);
    m_next->setEnabled(index + 1 < m_urls.size());
    if (!m_target)
        return;
    say(tr("Fetching the picture…"));
    const QString url = m_urls[index];
    m_target->control().fetchFile(url.toStdString()).then(this,
        [this, url](const Result<control::FetchedFile>& file) { onFetched(url, file); });
}

void ResultPictures::onFetched(const QString& url, const Result<control::FetchedFile>& file)
{
    const auto isShown = [this, url] { return m_urls.value(m_index) == url; };
    if (!isShown())
        return;
    if (!file)
        return say(tr("The picture is not there: %1 Results expire on the host after a while.").arg(qs(file.error().message)));
    m_loader.load(url, QByteArray::fromStdString(file->bytes)).then(this, [this, isShown](const Result<Picture>& picture) {
        if (!isShown())
            return;
        if (!picture)
            return say(qs(picture.error().message));
        m_view->setPicture(*picture);
        m_stack->setCurrentWidget(m_view);
    });
}

} // namespace tintype::ui
