// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"
#include "ui/models/time_range.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QToolButton;

namespace tintype::ui {

class AppFilter;
struct Studio;

/// What the list of requests shows. Filters that other pages set and this bar has no field for stand as a button that takes them away.
class RequestFilterBar : public QWidget {
    Q_OBJECT

public:
    explicit RequestFilterBar(Studio& studio, QWidget* parent = nullptr);

    control::RequestQuery query() const; ///< without a time: that is time()
    RangeChoice& time() { return m_time; }

    /// Shows a query of another page: everything that it does not name is shown.
    void setQuery(const control::RequestQuery& query);
    void focusText();

Q_SIGNALS:
    void changed();

private:
    void fillOutcomes();
    void showExtra();
    void onStatus();

    RangeChoice m_time;
    control::RequestQuery m_extra; ///< replica, revision, key, and what else has no field here
    AppFilter* m_app;
    QComboBox* m_outcome;
    QLineEdit* m_status;
    QLineEdit* m_text;
    QComboBox* m_sort;
    QToolButton* m_extraButton;
    QTimer m_typing; ///< while the user types nothing is asked
};

} // namespace tintype::ui
