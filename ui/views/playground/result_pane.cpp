// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/result_pane.h"

#include "ui/commands/navigator.h"
#include "ui/models/format.h"
#include "ui/models/json_text.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/picture_export.h"
#include "ui/views/playground/result_details.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/picture_view.h"

#include <QAction>
#include <QButtonGroup>
#include <QFuture>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QToolButton>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr int kThumbnail = 48;
constexpr double kPercent = 100;
constexpr qsizetype kLongestShown = 200'000; ///< characters of an answer without pictures

QString keyOf(const Generation& generation, int index)
{
    return generation.id + u'/' + QString::number(index);
}

/// Off the GUI thread: an answer may hold pictures as text.
QFuture<CallOutput> readOutput(const QString& json)
{
    return QtFuture::makeReadyFuture().then(QtFuture::Launch::Async, [json] { return readCallOutput(json.toUtf8()); });
}

} // namespace

ResultPane::ResultPane(Studio& studio, PictureLoader& loader, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_loader(loader)
    , m_export(new PictureExport(this))
    , m_caption(new QLabel)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(studio.theme, QStringLiteral("image-x-generic"), {}, {}))
    , m_view(new PictureView(studio.theme))
    , m_text(new QPlainTextEdit)
    , m_gallery(new QWidget)
    , m_thumbnails(new QButtonGroup(this))
    , m_note(new QLabel)
    , m_details(new ResultDetails(studio.theme))
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_stack, 1);
    column->addWidget(m_gallery);
    column->addWidget(m_note);
    column->addWidget(m_details);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_text);
    m_text->setReadOnly(true);
    m_text->setFont(studio.theme.font(TextStyle::Mono));
    m_text->setAccessibleName(tr("Answer"));
    auto* const thumbnails = new QHBoxLayout(m_gallery);
    thumbnails->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), 0);
    thumbnails->setSpacing(Theme::space(1));
    thumbnails->addStretch();
    m_gallery->hide();
    m_note->setProperty("role", QStringLiteral("muted"));
    m_note->setWordWrap(true);
    m_note->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), 0);
    m_note->hide();

    connect(m_thumbnails, &QButtonGroup::idClicked, this, &ResultPane::showPicture);
    connect(m_view, &PictureView::placeChanged, this, &ResultPane::showZoom);
    connect(m_view, &PictureView::dragOutWanted, this, [this] {
        if (!m_generation.pictures.isEmpty())
            m_export->drag(m_generation, m_index, m_view->picture(), m_view);
    });
    connect(m_details, &ResultDetails::seedWanted, this, &ResultPane::seedWanted);
    connect(m_details, &ResultDetails::requestWanted, &studio.navigator, &Navigator::showRequest);
    connect(m_export, &PictureExport::failed, this, &ResultPane::troubled);
    connect(m_export, &PictureExport::saved, this, [this](const QString& path) { Q_EMIT noticed(tr("Saved as %1").arg(path)); });
}

QWidget* ResultPane::makeBar()
{
    auto* const bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    m_tools = new QHBoxLayout(bar);
    m_tools->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(2), Theme::space(1));
    m_tools->setSpacing(Theme::space(1));
    m_caption->setTextFormat(Qt::PlainText);
    m_caption->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_tools->addWidget(m_caption, 1);
    connect(addButton(m_tools, QStringLiteral("zoom-out"), tr("Smaller (-)")), &QToolButton::clicked, m_view, &PictureView::zoomOut);
    m_zoom = new QToolButton;
    m_zoom->setToolTip(tr("Fit into the view (0)"));
    m_zoom->setMinimumWidth(Theme::space(13));
    m_tools->addWidget(m_zoom);
    connect(m_zoom, &QToolButton::clicked, m_view, &PictureView::fit);
    connect(addButton(m_tools, QStringLiteral("zoom-in"), tr("Larger (+)")), &QToolButton::clicked, m_view, &PictureView::zoomIn);
    connect(addButton(m_tools, QStringLiteral("zoom-fit-best"), tr("Fit into the view (0)")), &QToolButton::clicked, m_view, &PictureView::fit);
    connect(addButton(m_tools, QStringLiteral("zoom-original"), tr("One to one (1)")), &QToolButton::clicked, m_view,
        &PictureView::showActualSize);
    return bar;
}

QToolButton* ResultPane::addButton(QHBoxLayout* row, const QString& icon, const QString& tip)
{
    auto* const button = new QToolButton;
    button->setIcon(m_studio.theme.icon(icon));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    row->addWidget(button);
    return button;
}

void ResultPane::addTool(QAction* action)
{
    auto* const button = new QToolButton;
    button->setDefaultAction(action);
    m_tools->addWidget(button);
}

void ResultPane::showEmpty(const QString& title, const QString& sentence)
{
    m_generation = {};
    m_empty->setText(title, sentence);
    m_stack->setCurrentWidget(m_empty);
    m_caption->clear();
    m_gallery->hide();
    m_details->clear();
    setNote({});
    m_zoom->setText(QString());
}

void ResultPane::showPreview(const QString& prompt, const Picture& preview, const QSize& size)
{
    Picture picture = preview;
    if (!size.isEmpty())
        picture.size = size;
    m_generation = {};
    m_caption->setText(prompt.simplified());
    m_gallery->hide();
    m_details->clear();
    setNote({});
    m_view->setPicture(picture);
    m_stack->setCurrentWidget(m_view);
    showZoom();
}

void ResultPane::showResult(const Generation& generation)
{
    m_generation = generation;
    m_output = {};
    m_index = 0;
    m_caption->setText(generation.prompt().simplified());
    m_caption->setToolTip(generation.prompt());
    setNote({});
    fillGallery();
    readOutput(generation.output).then(this, [this, id = generation.id](const CallOutput& output) { onOutput(id, output); });
    if (generation.pictures.isEmpty())
        showText();
    else
        showPicture(0);
}

void ResultPane::onOutput(const QString& id, const CallOutput& output)
{
    if (id != m_generation.id)
        return;
    m_output = output;
    if (!output.warnings.isEmpty())
        setNote(output.warnings.join(u' '));
    showFacts();
}

void ResultPane::showPicture(int index)
{
    m_index = index;
    if (auto* const button = m_thumbnails->button(index))
        button->setChecked(true);
    m_loader.load(keyOf(m_generation, index), m_generation.pictures.value(index))
        .then(this, [this, id = m_generation.id, index](const Result<Picture>& picture) { onPicture(id, index, picture); });
}

void ResultPane::onPicture(const QString& id, int index, const Result<Picture>& picture)
{
    if (id != m_generation.id || index != m_index)
        return; // another one is shown by now
    if (!picture) {
        m_empty->setText(tr("The picture cannot be shown"), qs(picture.error().message));
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_view->setPicture(*picture);
    m_stack->setCurrentWidget(m_view);
    if (picture->isReduced())
        setNote(tr("The picture of %1 × %2 px is shown reduced to %3 × %4 px. Saving and copying keep all of it.")
                    .arg(picture->size.width())
                    .arg(picture->size.height())
                    .arg(picture->image().width())
                    .arg(picture->image().height()));
    showZoom();
    showFacts();
}

void ResultPane::showText()
{
    const QString text = m_generation.output.left(kLongestShown);
    m_text->setPlainText(text.isEmpty() ? m_generation.error : jsonIndented(text));
    m_stack->setCurrentWidget(m_text);
    m_zoom->setText(QString());
    showFacts();
}

void ResultPane::fillGallery()
{
    const QList<QAbstractButton*> old = m_thumbnails->buttons();
    for (QAbstractButton* button : old)
        delete button;
    const int count = static_cast<int>(m_generation.pictures.size());
    m_gallery->setVisible(count > 1);
    for (int i = 0; count > 1 && i < count; ++i) {
        auto* const button = new QToolButton;
        button->setCheckable(true);
        button->setIconSize({kThumbnail, kThumbnail});
        button->setToolTip(tr("Picture %1 of %2").arg(i + 1).arg(count));
        m_thumbnails->addButton(button, i);
        static_cast<QHBoxLayout*>(m_gallery->layout())->insertWidget(i, button);
        m_loader.load(keyOf(m_generation, i), m_generation.pictures[i], 2 * kThumbnail)
            .then(button, [button](const Result<Picture>& picture) {
                if (picture)
                    button->setIcon(QIcon(QPixmap::fromImage(picture->image())));
            });
    }
}

void ResultPane::showFacts()
{
    const bool hasPicture = m_stack->currentWidget() == m_view;
    m_details->show(m_generation, m_output, hasPicture ? m_view->picture().size : QSize(), m_generation.pictures.value(m_index).size());
}

void ResultPane::showZoom()
{
    m_zoom->setText(tr("%1 %").arg(std::lround(m_view->zoom() * kPercent)));
}

void ResultPane::setNote(const QString& sentence)
{
    m_note->setText(sentence);
    m_note->setVisible(!sentence.isEmpty());
}

void ResultPane::copyPicture()
{
    if (!m_generation.pictures.isEmpty())
        m_export->copy(m_generation.pictures.value(m_index), m_view->picture());
}

void ResultPane::savePicture()
{
    if (!m_generation.pictures.isEmpty())
        m_export->saveAs(m_generation, m_index, window());
}

} // namespace tintype::ui
