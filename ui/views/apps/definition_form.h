// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QScrollArea>
#include <map>
#include <string>

class QLabel;
class QVBoxLayout;

namespace tintype::ui {

class AppDocument;
class ConcurrencyPicture;
class EndpointList;
class FormRow;
class RequirementList;
class Target;
class YamlFields;
struct Studio;

/// The form of a definition: every field with its effective value, and whether that comes from the file, from the running app, or is
/// the default. What is entered becomes a change of the document's text.
class DefinitionForm : public QScrollArea {
    Q_OBJECT

public:
    explicit DefinitionForm(Studio& studio, QWidget* parent = nullptr);

    void setDocument(AppDocument* document);

Q_SIGNALS:
    void refused(const QString& sentence); ///< the text is too broken for the form

private:
    void addSections();
    void addMachine();
    void addSetup();
    void addSection(const QString& title);
    FormRow* add(FormRow* row);
    void followTarget(Target* target);
    void edit(const std::string& field, const QString& yaml);
    void refresh();
    void refreshMachines();
    void showScaling(const YamlFields& fields);
    void showFields(const YamlFields& fields);

    Studio& m_studio;
    QPointer<AppDocument> m_document;
    QPointer<Target> m_target;
    QVBoxLayout* m_column;
    QWidget* m_inner;
    QLabel* m_broken;
    std::map<std::string, FormRow*> m_rows; ///< by field
    EndpointList* m_endpoints = nullptr;
    RequirementList* m_requirements = nullptr;
    ConcurrencyPicture* m_picture = nullptr;
    QLabel* m_machines = nullptr;
};

} // namespace tintype::ui
