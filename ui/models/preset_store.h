// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <map>
#include <optional>
#include <tuple>

namespace tintype::ui {

/// Named form values of each endpoint, in one JSON file that reads and diffs well. Read and written on a thread of its own; what was
/// changed stays in memory whether it could be written or not. GUI thread.
class PresetStore : public QObject {
    Q_OBJECT

public:
    static QString defaultFile();

    explicit PresetStore(QString file, QObject* parent = nullptr);
    ~PresetStore() override; ///< waits for what is being written

    bool isLoaded() const { return m_isLoaded; }
    QStringList names(const QString& app, const QString& endpoint) const; ///< sorted
    QString values(const QString& app, const QString& endpoint, const QString& name) const; ///< JSON object; empty = there is none

    /// Adds or replaces. @error InvalidArgument: no name, longer than kLongestName, or `values` is not a JSON object · Unavailable: not loaded yet
    Result<> save(const QString& app, const QString& endpoint, const QString& name, const QString& values);
    Result<> rename(const QString& app, const QString& endpoint, const QString& from, const QString& to); ///< @error Conflict: `to` is taken
    void remove(const QString& app, const QString& endpoint, const QString& name);

    static constexpr int kLongestName = 80;

Q_SIGNALS:
    void changed();
    void troubled(const QString& sentence); ///< a file that could not be read or written, and what became of it

private:
    using Key = std::tuple<QString, QString, QString>; // app, endpoint, name
    using Presets = std::map<Key, std::string>;

    struct Loaded;
    static Loaded read(const QString& file);
    void write();

    const QString m_file;
    Presets m_presets;
    bool m_isLoaded = false;
    QThreadPool m_pool; ///< one thread
};

} // namespace tintype::ui
