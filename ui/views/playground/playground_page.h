// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/studio.h"
#include "ui/models/generation.h"
#include "ui/models/history.h"
#include "ui/models/job_queue.h"
#include "ui/models/picture_loader.h"
#include "ui/models/png_recall.h"
#include "ui/models/preset_store.h"

#include <QHash>
#include <QWidget>

class QAction;
class QSplitter;
class QStackedWidget;

namespace tintype::ui {

class CallPanel;
class CompareView;
class ErrorBanner;
class GridSheet;
class HistoryStrip;
class PresetBox;
class ResultPane;
class RunStrip;
class SnippetSheet;

/// Calls an app: form, jobs, live preview, results, history.
class PlaygroundPage : public QWidget {
    Q_OBJECT

public:
    explicit PlaygroundPage(Studio& studio, QWidget* parent = nullptr);
    ~PlaygroundPage() override;

    JobQueue& jobs() { return m_jobs; }
    CallPanel& panel() const { return *m_panel; }
    ResultPane& result() const { return *m_result; }

    void generate();

    /// Takes the settings that a picture's file tells, and shows it.
    void openPicture(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void lay();
    void addCommands();
    QAction* addCommand(const char* id, const QString& text, const QString& icon, const QKeySequence& shortcut, std::function<void()> run);
    void connectParts();
    void connectHistory();
    void enableCommands();
    void addResolved(const Generation& call, Target& target);
    void add(const Generation& call, const QStringList& inputs, Target& target);
    void onStarted(const QString& id);
    void onProgress(const QString& id, const control::CallProgress& progress);
    void onFinished(const Generation& generation);
    void onGone(const QString& id);
    void watchNext();
    void setWatching(bool isWatching);
    void show(const Generation& generation);
    void restore(const Generation& generation);
    void compare(const Generation& first, const Generation& second);
    void onRecalled(const QString& path, const QByteArray& file, const Result<PictureRecall>& recall);
    void learn(const Generation& generation);
    ReplayPlace replayPlace() const;
    void showReadiness();
    void showSnippets();
    void showGrid();
    void offerPresets();

    Studio& m_studio;
    JobQueue m_jobs;
    PictureLoader m_loader;
    History m_history;
    PresetStore m_presets;
    ErrorBanner* m_banner;
    CallPanel* m_panel;
    PresetBox* m_presetBox;
    ResultPane* m_result;
    CompareView* m_compare;
    GridSheet* m_grid;
    QStackedWidget* m_views;
    RunStrip* m_run;
    HistoryStrip* m_strip;
    QSplitter* m_splitter;
    SnippetSheet* m_snippets = nullptr;
    std::vector<QAction*> m_actions; ///< of this page: enabled while it is seen
    QAction* m_generate = nullptr;
    QAction* m_cancel = nullptr;
    QHash<QString, PictureRecall> m_makers; ///< by app and revision: what their pictures say of engine, weights and device
    bool m_isWatching = true;               ///< the job that runs is what is seen
    int m_shownStep = 0;
};

} // namespace tintype::ui
