# tintype_add_test(NAME tst_x LABEL unit SOURCES ... LIBS ... [TIMEOUT s] [ENVIRONMENT ...])
# tintype_add_ui_test(tst_x [libs...])   a test of the studio, tst_x.cpp: widgets on the offscreen platform, a recording Control
# One executable per tst_*.cpp on Qt Test.

find_package(Qt6 6.4 QUIET COMPONENTS Core Test)

if(TINTYPE_SANITIZE MATCHES thread) # Qt Test's watchdog looks like a race: the distribution's Qt is not instrumented
    set(_tintype_tsan_environment "TSAN_OPTIONS=suppressions=${CMAKE_CURRENT_LIST_DIR}/../tests/support/tsan.supp")
endif()

function(tintype_add_test)
    cmake_parse_arguments(ARG "" "NAME;LABEL;TIMEOUT" "SOURCES;LIBS;ENVIRONMENT" ${ARGN})
    if(NOT TARGET Qt6::Test)
        return()
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    add_executable(${ARG_NAME} ${ARG_SOURCES})
    set_target_properties(${ARG_NAME} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_link_libraries(${ARG_NAME} PRIVATE ${ARG_LIBS} tintype_flags tintype_sanitizers tintype_warnings tintype_qt_flags Qt6::Core Qt6::Test)
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
    set_tests_properties(${ARG_NAME} PROPERTIES
        LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;${_tintype_tsan_environment};${ARG_ENVIRONMENT}")
endfunction()

function(tintype_add_ui_test name)
    tintype_add_test(NAME ${name} LABEL ui TIMEOUT 120 SOURCES ${name}.cpp LIBS tintype_ui tintype_test_control ${ARGN})
endfunction()
