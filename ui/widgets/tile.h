// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>
#include <QVector>

class QGridLayout;
class QLabel;

namespace tintype::ui {

/// A figure with its name, and smaller ones beside it.
class Tile : public QFrame {
    Q_OBJECT

public:
    struct Figure {
        QString name;  ///< "p90"
        QString value; ///< with its unit
    };

    explicit Tile(const QString& title, QWidget* parent = nullptr);

    /// @param note stands under the figure; may be empty
    void setFigure(const QString& value, const QString& note, const QVector<Figure>& more = {});

private:
    QLabel* m_value;
    QLabel* m_note;
    QGridLayout* m_more;
};

} // namespace tintype::ui
