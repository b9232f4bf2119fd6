// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/generation.h"
#include "ui/models/target.h"

#include <QAbstractListModel>
#include <QPointer>
#include <memory>
#include <vector>

namespace tintype::ui {

struct CallOutput;

/// A call that waits for its turn or runs.
struct Job {
    enum class State { Waiting, Running, Fetching /**< done, its pictures are on their way */ };

    Generation generation;
    QString prompt;
    QPointer<Target> target;
    State state = State::Waiting;
    control::CallProgress progress; ///< the newest; step 0 = none yet
    std::optional<TimePoint> startedAt;
    std::optional<TimePoint> firstStepAt;
    std::optional<TimePoint> lastStepAt;
    int firstStep = 0; ///< that arrived
    int missingPictures = 0;
    QString reason; ///< why the host has not begun, a sentence; empty = it has, or has not said

    double stepsPerSecond() const; ///< of the denoising alone; 0 = not known yet
};

/// The playground's calls that are not done yet, running ones first, the others in the order they will run. Each target runs one at a
/// time; a host that others use too queues that one by its own rules. Answers come as signals, never from inside add(). GUI thread.
class JobQueue : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole, StateRole, StepRole, StepsRole, ReasonRole };

    explicit JobQueue(QObject* parent = nullptr);
    ~JobQueue() override; ///< breaks off what runs

    /// Puts it behind the others. Fills in id, createdAt, target and revision where they are empty. Returns the id.
    QString add(Target& target, Generation generation);

    void cancel(const QString& id); ///< a running one stops within a step
    void cancelAll();

    /// To a place among those that wait. @param row of the model; one above the first waiting one means that
    void move(const QString& id, int row);

    const Job* find(const QString& id) const; ///< null if it is done or unknown
    const std::vector<std::unique_ptr<Job>>& jobs() const { return m_jobs; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override; ///< display: prompt
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) override;

Q_SIGNALS:
    void started(const QString& id);
    void progressed(const QString& id, const tintype::control::CallProgress& progress);
    void reasonChanged(const QString& id);

    /// It succeeded (with pictures, if its output has any) or failed (error set). No signal about this id comes after.
    void finished(const tintype::ui::Generation& generation);
    void cancelled(const QString& id);

private:
    int rowOf(const QString& id) const; ///< -1 if there is none
    int firstWaitingRow() const;
    void startNext(Target* target);
    void run(Job& job);
    void onProgress(const QString& id, const control::CallProgress& progress);
    void onResult(const QString& id, const Result<control::CallResult>& result);
    void onOutput(const QString& id, const QString& text, const CallOutput& output);
    void onFetched(const QString& id, int index, const Result<QByteArray>& bytes);
    void onEvent(Target* target, const control::Event& event);
    void failJob(const QString& id, const QString& sentence);
    void finish(const QString& id);
    std::unique_ptr<Job> take(int row);
    void changed(int row);
    void follow(Target& target);

    std::vector<std::unique_ptr<Job>> m_jobs;
    QVector<const Target*> m_followed;
};

} // namespace tintype::ui
