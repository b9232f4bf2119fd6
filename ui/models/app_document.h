// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/definition_yaml.h"
#include "engine/base/result.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <memory>

namespace tintype::ui {

/// An app definition being edited: its text is the truth, form and editor are views of it. Every change is a step of one undo stack,
/// whichever view made it. Kept beside the file while unsaved (crash recovery). GUI thread.
class AppDocument : public QObject {
    Q_OBJECT

public:
    /// What was not saved when the studio ended is there again, also if the file itself is gone.
    /// @error NotFound · Io · InvalidArgument: not a file, not UTF-8 text, larger than a definition may be
    static Result<std::unique_ptr<AppDocument>> open(const QString& path, const QString& recoveryFolder);
    ~AppDocument() override;

    const QString& path() const { return m_path; } ///< absolute
    QString folder() const;
    QString name() const;     ///< of the definition; the file's, while it cannot be read
    bool isPython() const;    ///< a `.py` app: text only
    const QString& text() const { return m_text; }

    /// What the text says now, with all its problems.
    const domain::ParsedDefinition& parsed() const { return m_parsed; }

    QUndoStack& undoStack() { return m_undoStack; }
    bool isModified() const { return !m_undoStack.isClean(); }

    /// Replaces [start, start + length) of the text (UTF-16 units) as one undoable step; typing is merged into words.
    void replace(int start, int length, const QString& with, const QString& what);

    /// Sets one field from the form, leaving comments, order and everything else as they are. An empty `yamlValue` removes the field.
    /// @param field dotted path, "setup.dtype", "requirements[2]"   @param yamlValue as it stands in YAML
    /// @error InvalidArgument: the text is too broken to find the place
    Result<> setField(const std::string& field, const std::string& yamlValue);

    Result<> save();                     ///< @error Io: the text stays, modified
    Result<> saveAs(const QString& path);
    Result<> reload();                   ///< from disk, as an undoable step
    bool hasRecovered() const { return m_hasRecovered; } ///< the text was not saved when the studio ended

    enum class OnDisk { Same, Changed, Gone };
    OnDisk onDisk() const { return m_diskState; } ///< what other programs have done to the file since we read or wrote it

Q_SIGNALS:
    void textChanged();     ///< text() and parsed()
    void modifiedChanged(bool isModified);
    void pathChanged();
    void changedOutside();  ///< onDisk() is another: reload() or keep

private:
    AppDocument(QString path, QString recoveryFolder);

    class ReplaceStep;
    void apply(int start, int length, const QString& with);
    void replaceAll(const QString& with, const QString& what);
    void parse();
    QByteArray bytes() const; ///< as the file has them
    QString take(const QByteArray& bytes);
    void recover();
    void watch();
    void checkDisk();
    void setDiskState(OnDisk state);
    QString recoveryFile() const;
    void writeRecovery();

    QString m_path;
    const QString m_recoveryFolder;
    QString m_text;
    QByteArray m_hash; ///< of what we read or wrote last
    bool m_hasBom = false;
    OnDisk m_diskState = OnDisk::Same;
    domain::ParsedDefinition m_parsed;
    QUndoStack m_undoStack;
    QFileSystemWatcher m_watcher;
    QTimer m_watchTimer;
    QTimer m_recoveryTimer;
    bool m_hasRecovered = false;
};

} // namespace tintype::ui
