// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>
#include <string>
#include <vector>

class QLineEdit;
class QVBoxLayout;

namespace tintype::ui {

class FormRow;
class Theme;
class YamlFields;

/// The endpoints of a definition: path, and the input that a call may leave out; add and remove.
class EndpointList : public QWidget {
    Q_OBJECT

public:
    explicit EndpointList(const Theme& theme, QWidget* parent = nullptr);

    /// @param problems by field
    void show(const YamlFields& fields, const std::map<std::string, QString>& problems);

Q_SIGNALS:
    void edited(const std::string& field, const QString& yaml); ///< empty = remove

private:
    void makeRows();
    void addEndpoint();

    const Theme& m_theme;
    QVBoxLayout* m_column;
    QLineEdit* m_newPath;
    QStringList m_paths;
    std::vector<FormRow*> m_rows; ///< one for each path
    bool m_isInFile = false;
};

} // namespace tintype::ui
