// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/definition_yaml.h"

#include <QListWidget>

namespace tintype::ui {

class Theme;

/// What is wrong with a definition, a line each with its place; hidden while nothing is.
class ProblemList : public QListWidget {
    Q_OBJECT

public:
    explicit ProblemList(const Theme& theme, QWidget* parent = nullptr);

    void setProblems(const std::vector<domain::DefinitionProblem>& problems);
    void chooseNext(); ///< and from the last one the first again

    QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(int line, int column); ///< from 1, the column in bytes

private:
    void tell(const QListWidgetItem* item);

    const Theme& m_theme;
    std::vector<domain::DefinitionProblem> m_problems;
};

} // namespace tintype::ui
