// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace tintype::ui {

class Theme;
class YamlFields;

/// The requirements of a definition, a line each with its state, and two ways to add one.
class RequirementList : public QWidget {
    Q_OBJECT

public:
    explicit RequirementList(const Theme& theme, QWidget* parent = nullptr);

    /// @param folder of the definition   @param problems by field
    void show(const YamlFields& fields, const QString& folder, const std::map<std::string, QString>& problems);

Q_SIGNALS:
    void edited(const std::string& field, const QString& yaml); ///< "requirements[i]"; empty = remove

private:
    struct Line {
        QWidget* widget;
        QLineEdit* edit;
        QLabel* state;
    };
    void addLine();
    void append(const QString& text);
    void askFolder();

    const Theme& m_theme;
    QVBoxLayout* m_lines;
    QLabel* m_empty;
    QString m_folder;
    std::vector<Line> m_shown;
};

} // namespace tintype::ui
