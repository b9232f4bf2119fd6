// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "ui/models/revision_model.h"

#include <QPointer>
#include <QWidget>
#include <memory>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace tintype::ui {

class DiffView;
struct Studio;
class Target;

/// The revisions of an app: what each changed, and the way back to one.
class RevisionsPanel : public QWidget {
    Q_OBJECT

public:
    explicit RevisionsPanel(Studio& studio, QWidget* parent = nullptr);
    ~RevisionsPanel() override;

    void setApp(Target* target, const control::AppInfo& app);
    void setHistory(const std::vector<control::HistoryEntry>& entries) { m_model.setHistory(entries); }
    RevisionModel& model() { return m_model; }

Q_SIGNALS:
    void rollBackWanted(const tintype::control::RevisionInfo& revision, tintype::control::Strategy strategy);
    void failed(const tintype::Error& error);
    void loaded(const std::vector<tintype::control::RevisionInfo>& revisions);

private:
    void ask();
    std::string onItsWay() const;
    void onSelection();
    void showDiff(const control::RevisionInfo& from, const control::RevisionInfo& to);
    std::vector<const control::RevisionInfo*> chosen() const; ///< oldest first

    Studio& m_studio;
    QPointer<Target> m_target;
    control::AppInfo m_app;
    RevisionModel m_model;
    std::unique_ptr<QObject> m_listGuard; ///< of the last question for the list
    std::unique_ptr<QObject> m_diffGuard;
    QTableView* m_table;
    QLabel* m_compared;
    DiffView* m_diff;
    QComboBox* m_strategy;
    QPushButton* m_rollBack;
};

} // namespace tintype::ui
