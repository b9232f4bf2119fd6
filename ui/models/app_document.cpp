// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/app_document.h"

#include "ui/models/format.h"
#include "ui/models/yaml_edit.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStringDecoder>
#include <QUndoCommand>

namespace tintype::ui {
namespace {

constexpr qint64 kLargest = qint64{1} << 20; ///< a definition's limit (deploy/domain/README.md)
constexpr qint64 kLargestRecovery = 16 * kLargest;
constexpr int kRecoveryDelayMs = 1000;
constexpr int kWatchDelayMs = 150; ///< editors take a file away for a moment when they save
constexpr int kMostUndo = 1000;
constexpr auto kBom = "\xef\xbb\xbf";

QByteArray hashOf(const QByteArray& bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

bool isUtf8(const QByteArray& bytes)
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(bytes);
    return !decode.hasError() && !text.contains(QChar(0));
}

Error ioError(const QString& what, const QFileDevice& file)
{
    const QString sentence = what + QLatin1Char(' ') + file.fileName() + QStringLiteral(": ") + file.errorString();
    return {ErrorCode::Io, sentence.toStdString(), {}};
}

Result<QByteArray> readDefinitionFile(const QString& path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorCode::NotFound, "There is no file " + path.toStdString());
    if (!info.isFile()) // opening a pipe would wait for its other end
        return fail(ErrorCode::InvalidArgument, path.toStdString() + " is not a file");
    if (info.size() > kLargest)
        return fail(ErrorCode::InvalidArgument, path.toStdString() + " is larger than 1 MiB, which is no definition");
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(ioError(QStringLiteral("Cannot read"), file));
    const QByteArray bytes = file.read(kLargest);
    if (!isUtf8(bytes))
        return fail(ErrorCode::InvalidArgument, path.toStdString() + " is not a text in UTF-8");
    return bytes;
}

} // namespace

/// One change of the text. Letters typed one after the other become one step.
class AppDocument::ReplaceStep : public QUndoCommand {
public:
    ReplaceStep(AppDocument& document, int start, int length, QString with, const QString& what)
        : QUndoCommand(what)
        , m_document(document)
        , m_start(start)
        , m_before(document.m_text.mid(start, length))
        , m_after(std::move(with))
    {
    }

    void redo() override { m_document.apply(m_start, static_cast<int>(m_before.size()), m_after); }
    void undo() override { m_document.apply(m_start, static_cast<int>(m_after.size()), m_before); }
    int id() const override { return 1; }

    bool mergeWith(const QUndoCommand* other) override
    {
        const auto& next = *static_cast<const ReplaceStep*>(other);
        if (text() != next.text() || !(goesOnTyping(next) || goesOnDeleting(next)))
            return false;
        m_start = std::min(m_start, next.m_start);
        m_after += next.m_after;
        m_before.prepend(next.m_before);
        return true;
    }

private:
    bool goesOnTyping(const ReplaceStep& next) const
    {
        return m_before.isEmpty() && next.m_before.isEmpty() && next.m_after.size() == 1 && next.m_start == m_start + m_after.size()
            && next.m_after[0].isLetterOrNumber() && m_after.back().isLetterOrNumber();
    }
    bool goesOnDeleting(const ReplaceStep& next) const
    {
        return m_after.isEmpty() && next.m_after.isEmpty() && next.m_before.size() == 1 && next.m_start == m_start - 1
            && next.m_before[0].isLetterOrNumber() && m_before.front().isLetterOrNumber();
    }

    AppDocument& m_document;
    int m_start;
    QString m_before;
    QString m_after;
};

Result<std::unique_ptr<AppDocument>> AppDocument::open(const QString& path, const QString& recoveryFolder)
{
    std::unique_ptr<AppDocument> document(new AppDocument(QFileInfo(path).absoluteFilePath(), recoveryFolder));
    const Result<QByteArray> bytes = readDefinitionFile(document->m_path);
    const bool mayRecover = QFile::exists(document->recoveryFile());
    if (!bytes && !(bytes.error().code == ErrorCode::NotFound && mayRecover))
        return tl::unexpected(bytes.error());
    if (bytes)
        document->m_text = document->take(*bytes);
    else
        document->m_diskState = OnDisk::Gone;
    document->parse();
    document->recover();
    document->watch();
    return document;
}

AppDocument::AppDocument(QString path, QString recoveryFolder)
    : m_path(std::move(path))
    , m_recoveryFolder(std::move(recoveryFolder))
{
    m_undoStack.setUndoLimit(kMostUndo);
    m_recoveryTimer.setSingleShot(true);
    m_recoveryTimer.setInterval(kRecoveryDelayMs);
    m_watchTimer.setSingleShot(true);
    m_watchTimer.setInterval(kWatchDelayMs);
    connect(&m_recoveryTimer, &QTimer::timeout, this, &AppDocument::writeRecovery);
    connect(&m_watchTimer, &QTimer::timeout, this, &AppDocument::checkDisk);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_watchTimer, qOverload<>(&QTimer::start));
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_watchTimer, qOverload<>(&QTimer::start));
    connect(&m_undoStack, &QUndoStack::cleanChanged, this, [this](bool isClean) { Q_EMIT modifiedChanged(!isClean); });
}

AppDocument::~AppDocument()
{
    m_undoStack.disconnect(this);
    if (m_recoveryTimer.isActive())
        writeRecovery();
}

QString AppDocument::folder() const
{
    return QFileInfo(m_path).absolutePath();
}

QString AppDocument::name() const
{
    const QString name = qs(m_parsed.definition.name);
    return name.isEmpty() ? QFileInfo(m_path).fileName() : name;
}

bool AppDocument::isPython() const
{
    return m_path.endsWith(QLatin1String(".py"), Qt::CaseInsensitive);
}

void AppDocument::replace(int start, int length, const QString& with, const QString& what)
{
    start = std::clamp(start, 0, static_cast<int>(m_text.size()));
    length = std::clamp(length, 0, static_cast<int>(m_text.size()) - start);
    if (QStringView(m_text).mid(start, length) == with)
        return;
    m_undoStack.push(new ReplaceStep(*this, start, length, with, what)); // the stack owns it
}

void AppDocument::replaceAll(const QString& with, const QString& what)
{
    const TextEdit edit = difference(m_text, with);
    replace(edit.start, edit.length, edit.with, what);
}

Result<> AppDocument::setField(const std::string& field, const std::string& yamlValue)
{
    TINTYPE_TRY_ASSIGN(const TextEdit edit, editYamlField(m_text, field, qs(yamlValue)));
    replace(edit.start, edit.length, edit.with, tr("Change %1").arg(qs(field)));
    return {};
}

void AppDocument::apply(int start, int length, const QString& with)
{
    m_text.replace(start, length, with);
    parse();
    m_recoveryTimer.start();
    Q_EMIT textChanged();
}

void AppDocument::parse()
{
    if (!isPython())
        m_parsed = domain::parseDefinition(m_text.toStdString());
}

QByteArray AppDocument::bytes() const
{
    return m_hasBom ? QByteArray(kBom + m_text.toUtf8()) : m_text.toUtf8();
}

QString AppDocument::take(const QByteArray& bytes)
{
    m_hash = hashOf(bytes);
    m_hasBom = bytes.startsWith(kBom);
    return QString::fromUtf8(bytes); // without the mark
}

Result<> AppDocument::save()
{
    const QByteArray content = bytes();
    QSaveFile file(m_path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return tl::unexpected(ioError(tr("Cannot save"), file));
    m_hash = hashOf(content);
    m_recoveryTimer.stop();
    QFile::remove(recoveryFile());
    m_hasRecovered = false;
    m_undoStack.setClean();
    watch();
    setDiskState(OnDisk::Same);
    return {};
}

Result<> AppDocument::saveAs(const QString& path)
{
    const QString oldRecovery = recoveryFile();
    const bool wasPython = isPython();
    const QString before = std::exchange(m_path, QFileInfo(path).absoluteFilePath());
    if (Result<> saved = save(); !saved) {
        m_path = before;
        return saved;
    }
    QFile::remove(oldRecovery);
    if (wasPython != isPython()) {
        m_parsed = {};
        parse();
    }
    Q_EMIT pathChanged();
    return {};
}

Result<> AppDocument::reload()
{
    TINTYPE_TRY_ASSIGN(const QByteArray content, readDefinitionFile(m_path));
    const QString text = take(content);
    replaceAll(text, tr("Reload from disk"));
    m_hasRecovered = false;
    m_undoStack.setClean();
    setDiskState(OnDisk::Same);
    return {};
}

/// The folder too: an editor that saves puts a new file in the place of the old one.
void AppDocument::watch()
{
    const QStringList wanted{m_path, folder()};
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    for (const QString& path : watched) {
        if (!wanted.contains(path))
            m_watcher.removePath(path);
    }
    for (const QString& path : wanted) {
        if (!watched.contains(path) && QFile::exists(path))
            m_watcher.addPath(path);
    }
}

void AppDocument::checkDisk()
{
    watch();
    const Result<QByteArray> content = readDefinitionFile(m_path);
    if (content)
        setDiskState(hashOf(*content) == m_hash ? OnDisk::Same : OnDisk::Changed);
    else
        setDiskState(content.error().code == ErrorCode::NotFound ? OnDisk::Gone : OnDisk::Changed);
}

void AppDocument::setDiskState(OnDisk state)
{
    if (std::exchange(m_diskState, state) != state)
        Q_EMIT changedOutside();
}

QString AppDocument::recoveryFile() const
{
    return m_recoveryFolder + QLatin1Char('/') + QString::fromLatin1(hashOf(m_path.toUtf8()).toHex().left(16)) + QStringLiteral(".yaml");
}

void AppDocument::recover()
{
    QFile file(recoveryFile());
    if (file.size() > kLargestRecovery || !file.open(QIODevice::ReadOnly))
        return;
    const QString kept = QString::fromUtf8(file.readAll());
    if (kept == m_text)
        return;
    m_hasRecovered = true;
    replaceAll(kept, tr("Recover unsaved text"));
    m_recoveryTimer.stop(); // it is there already
}

void AppDocument::writeRecovery()
{
    const QString path = recoveryFile();
    if (!isModified()) {
        QFile::remove(path);
        return;
    }
    QDir().mkpath(m_recoveryFolder);
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly)) { // a recovery that cannot be written is not worth an interruption
        file.write(m_text.toUtf8());
        file.commit();
    }
}

} // namespace tintype::ui
