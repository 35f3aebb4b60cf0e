# SPDX-License-Identifier: Apache-2.0
# attacca_join(target): compiles its sources in groups of a folder's neighbours. What they include
# is then read once for a group, which makes a build several times shorter (decision 0015). Names
# in anonymous namespaces must so be unique in a folder; `apart` compiles each file by itself.
function(attacca_join target)
    if(NOT ATTACCA_JOIN)
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    set(last "")
    set(number 0)
    set(members 0)
    foreach(source ${sources})
        get_filename_component(folder ${source} DIRECTORY)
        if(NOT folder STREQUAL last OR members EQUAL 10)
            math(EXPR number "${number} + 1")
            set(members 0)
            set(last "${folder}")
        endif()
        math(EXPR members "${members} + 1")
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP "group${number}")
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# attacca_module(folder [DEPS folder…] [LIBS target…] [RECURSE])
#
# One static library per folder of src/, named attacca_<folder>, from every .cc there; the
# *_test.cc beside the code become one test program, <folder>_test.

function(attacca_target_name folder out)
    string(REPLACE "/" "_" name ${folder})
    set(${out} attacca_${name} PARENT_SCOPE)
endfunction()

function(attacca_module folder)
    cmake_parse_arguments(M "RECURSE" "" "DEPS;LIBS" ${ARGN})
    attacca_target_name(${folder} target)
    set(glob GLOB)
    if(M_RECURSE)
        set(glob GLOB_RECURSE)
    endif()
    file(${glob} sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cc)
    set(tests ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cc$")
    list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")

    set(link attacca_settings ${M_LIBS})
    foreach(dep ${M_DEPS})
        attacca_target_name(${dep} dep_target)
        list(APPEND link ${dep_target})
    endforeach()
    if(sources)
        add_library(${target} STATIC ${sources})
        target_link_libraries(${target} PUBLIC ${link})
        attacca_join(${target})
    else()
        add_library(${target} INTERFACE)
        target_link_libraries(${target} INTERFACE ${link})
    endif()

    if(tests)
        string(REPLACE "/" "_" short ${folder})
        add_executable(${short}_test ${tests})
        target_link_libraries(${short}_test PRIVATE ${target} GTest::gtest GTest::gmock
                              GTest::gtest_main)
        attacca_join(${short}_test)
        attacca_is_test(${short}_test)
        add_test(NAME ${short} COMMAND ${short}_test)
        set_tests_properties(${short} PROPERTIES LABELS unit TIMEOUT 600
            WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endif()
endfunction()

# attacca_program(name SOURCE file… DEPS folder…): an executable in the build directory.
function(attacca_program name)
    cmake_parse_arguments(P "" "" "SOURCE;DEPS;LIBS" ${ARGN})
    add_executable(${name} ${P_SOURCE})
    set(link attacca_settings ${P_LIBS})
    foreach(dep ${P_DEPS})
        attacca_target_name(${dep} dep_target)
        list(APPEND link ${dep_target})
    endforeach()
    target_link_libraries(${name} PRIVATE ${link})
    attacca_join(${name})
endfunction()

# attacca_link_allocator(target): jemalloc, which makes what allocates much a tenth to a sixth
# faster. Sanitizers bring an allocator of their own.
function(attacca_link_allocator target)
    if(NOT ATTACCA_SANITIZE)
        pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
        target_link_libraries(${target} PRIVATE PkgConfig::JEMALLOC)
    endif()
endfunction()

# attacca_is_test(target): its own code runs once and is compiled often, so a release build
# optimises it as little as a debug build does: a third less to compile. What it tests is optimised
# as ever.
function(attacca_is_test target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()
