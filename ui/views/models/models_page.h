// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/model_list.h"
#include "ui/models/target.h"

#include <QPointer>
#include <QSortFilterProxyModel>
#include <QWidget>
#include <memory>

class QLabel;
class QLineEdit;
class QStackedLayout;
class QTableView;

namespace tintype::ui {

class ConfirmStrip;
class EmptyState;
class ErrorBanner;
class ModelDetail;
struct Studio;

/// The models on the current target's disk: what they take, who needs them, and the way to be rid of those that nothing needs.
class ModelsPage : public QWidget {
    Q_OBJECT

public:
    explicit ModelsPage(Studio& studio, QWidget* parent = nullptr);
    ~ModelsPage() override;

    ModelList& model() { return m_model; }
    void choose(const std::string& id); ///< a model that is in the list

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makeList();
    void addCommands();
    void setTarget(Target* target);
    void askIfShown();
    void ask();
    void onModels(const Result<std::vector<control::ModelInfo>>& models);
    void onBlobs(const Result<control::BlobTotals>& totals);
    void showTotals();
    void showEmpty();
    void showChosen();
    const control::ModelInfo* chosen() const; ///< null if none is
    void confirmDelete();
    void remove(const std::string& id);
    void confirmCollect();
    void collect();

    Studio& m_studio;
    QPointer<Target> m_target;
    std::unique_ptr<QObject> m_targetGuard; ///< of what was asked of that target, and of its signals
    ModelList m_model;
    QSortFilterProxyModel m_sorted;
    control::BlobTotals m_blobs;
    std::string m_deleting; ///< id
    bool m_isAnswered = false;
    QAction* m_refresh = nullptr;
    QAction* m_delete = nullptr;
    QAction* m_collect = nullptr;
    ErrorBanner* m_banner;
    ConfirmStrip* m_confirm;
    QLabel* m_totals;
    QLineEdit* m_filter;
    QTableView* m_table;
    ModelDetail* m_detail;
    EmptyState* m_empty;
    QStackedLayout* m_stack = nullptr;
};

} // namespace tintype::ui
