// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/text_editors.h"

#include "ui/models/data_uri.h"
#include "ui/models/format.h"
#include "ui/models/json_text.h"
#include "ui/theme/theme.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFuture>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kFewestLines = 2;
constexpr int kFewestPromptLines = 3;
constexpr int kMostLines = 8;

void setState(QWidget& widget, bool isWrong)
{
    widget.setProperty("state", isWrong ? QStringLiteral("error") : QString());
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

QVBoxLayout* columnOf(QWidget* widget)
{
    auto* const column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(1));
    return column;
}

} // namespace

PromptEditor::PromptEditor(const SchemaField& field, const Theme&, QWidget* parent)
    : FieldEditor(parent)
    , m_field(field)
    , m_edit(new QPlainTextEdit)
{
    columnOf(this)->addWidget(m_edit);
    m_edit->setTabChangesFocus(true);
    m_edit->setAccessibleName(field.title);
    setFocusProxy(m_edit);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        fitHeight();
        Q_EMIT changed();
    });
    fitHeight();
}

void PromptEditor::fitHeight()
{
    const int fewest = m_field.isRequired ? kFewestPromptLines : kFewestLines;
    const int lines = std::clamp(static_cast<int>(m_edit->document()->size().height()), fewest, kMostLines);
    m_edit->setFixedHeight(lines * m_edit->fontMetrics().lineSpacing() + Theme::space(5));
}

QString PromptEditor::json() const
{
    const QString text = m_edit->toPlainText();
    return text.isEmpty() && !m_field.isRequired ? QString() : jsonString(text);
}

void PromptEditor::setJson(const QString& json)
{
    const QSignalBlocker blocker(this);
    m_edit->setPlainText(textOfJson(json).value_or(QString()));
}

QString PromptEditor::problem() const
{
    const qsizetype length = m_edit->toPlainText().size();
    if (m_field.isRequired && m_edit->toPlainText().trimmed().isEmpty())
        return tr("%1 is empty.").arg(m_field.title);
    if (m_field.longest > 0 && length > m_field.longest)
        return tr("%1 has %2 characters, the app takes %3.").arg(m_field.title, formatCount(length), formatCount(m_field.longest));
    return {};
}

LineEditor::LineEditor(const SchemaField& field, const Theme& theme, QWidget* parent)
    : FieldEditor(parent)
    , m_field(field)
    , m_edit(new QLineEdit)
{
    columnOf(this)->addWidget(m_edit);
    setFocusProxy(m_edit);
    m_edit->setAccessibleName(field.title);
    m_edit->setPlaceholderText(field.kind == SchemaField::Kind::Json ? tr("JSON") : field.isRequired ? QString() : tr("Model's own"));
    if (field.kind == SchemaField::Kind::Json)
        m_edit->setFont(theme.font(TextStyle::Mono));
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        showState();
        Q_EMIT changed();
    });
}

void LineEditor::showState()
{
    setState(*m_edit, !m_edit->text().isEmpty() && !problem().isEmpty());
    m_edit->setToolTip(problem());
}

QString LineEditor::json() const
{
    const QString text = m_edit->text();
    if (m_field.kind == SchemaField::Kind::Json)
        return text.trimmed();
    return text.isEmpty() && !m_field.isRequired ? QString() : jsonString(text);
}

void LineEditor::setJson(const QString& json)
{
    if (m_field.kind == SchemaField::Kind::Json)
        m_edit->setText(json);
    else
        m_edit->setText(textOfJson(json).value_or(QString()));
    showState();
}

QString LineEditor::problem() const
{
    const QString text = m_edit->text();
    if (text.trimmed().isEmpty())
        return m_field.isRequired ? tr("%1 is empty.").arg(m_field.title) : QString();
    if (m_field.kind == SchemaField::Kind::Json && !isJson(text))
        return tr("%1 is not JSON. Texts stand in quotes.").arg(m_field.title);
    if (m_field.longest > 0 && text.size() > m_field.longest)
        return tr("%1 has %2 characters, the app takes %3.").arg(m_field.title, formatCount(text.size()), formatCount(m_field.longest));
    return {};
}

PictureEditor::PictureEditor(const SchemaField& field, const Theme& theme, QWidget* parent)
    : FieldEditor(parent)
    , m_field(field)
    , m_edit(new QLineEdit)
    , m_note(new QLabel)
{
    auto* const button = new QToolButton;
    button->setIcon(theme.icon(QStringLiteral("document-open")));
    button->setToolTip(tr("Choose a picture"));
    auto* const row = new QHBoxLayout;
    row->setSpacing(Theme::space(1));
    row->addWidget(m_edit, 1);
    row->addWidget(button);
    auto* const column = columnOf(this);
    column->addLayout(row);
    column->addWidget(m_note);
    m_note->setProperty("role", QStringLiteral("caption"));
    m_note->setWordWrap(true);
    m_note->hide();
    m_edit->setPlaceholderText(tr("Address, or drop a picture"));
    m_edit->setAccessibleName(field.title);
    setFocusProxy(m_edit);
    setAcceptDrops(true);
    m_edit->setAcceptDrops(false); // a dropped file would become text
    connect(button, &QToolButton::clicked, this, &PictureEditor::choose);
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        m_dataUri.clear();
        setProblem({});
        Q_EMIT changed();
    });
}

QString PictureEditor::json() const
{
    const QString value = m_dataUri.isEmpty() ? m_edit->text().trimmed() : m_dataUri;
    return value.isEmpty() ? QString() : jsonString(value);
}

void PictureEditor::setJson(const QString& json)
{
    const QString value = textOfJson(json).value_or(QString());
    const bool isData = value.startsWith(QLatin1String("data:"));
    m_dataUri = isData ? value : QString();
    m_edit->setText(isData ? tr("Picture of the call") : value);
    setProblem({});
}

void PictureEditor::choose()
{
    auto* const dialog = new QFileDialog(this, tr("Choose a picture"), {}, tr("Pictures (*.png *.jpg *.jpeg *.webp)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &PictureEditor::read);
    dialog->open();
}

void PictureEditor::read(const QString& path)
{
    QtFuture::makeReadyFuture()
        .then(QtFuture::Launch::Async, [path] { return dataUriOfPicture(path); })
        .then(this, [this, path](const Result<QString>& uri) {
            setProblem(uri ? QString() : qs(uri.error().message));
            if (!uri)
                return;
            m_dataUri = *uri;
            m_edit->setText(QFileInfo(path).fileName());
            Q_EMIT changed();
        });
}

void PictureEditor::setProblem(const QString& sentence)
{
    m_problem = sentence;
    m_note->setText(sentence);
    m_note->setVisible(!sentence.isEmpty());
    setState(*m_edit, !sentence.isEmpty());
}

void PictureEditor::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void PictureEditor::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty())
        return;
    event->acceptProposedAction();
    if (urls.front().isLocalFile())
        return read(urls.front().toLocalFile());
    setJson(jsonString(urls.front().toString()));
    Q_EMIT changed();
}

} // namespace tintype::ui
